package dev.arclight.track.pages;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Experiment;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunGroup;
import dev.arclight.track.RunStatus;
import dev.arclight.track.Tracking;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The runs of an experiment: filtered, sorted, grouped, a page at a time. */
final class RunsPage {
    private static final String NOTE = "mlflow.note.content";

    private final Tracking tracking;
    private final Layout layout;

    RunsPage(Tracking tracking, Layout layout) {
        this.tracking = tracking;
        this.layout = layout;
    }

    Reply show(Request request) {
        RunsView view = RunsView.of(request);
        Experiment experiment = tracking.experiments().load(view.experimentId());
        Found found = find(view);
        boolean live = found.runs().items().stream().anyMatch(run -> run.status() == RunStatus.RUNNING);
        Layout.Frame frame = Layout.Frame.of(experiment.name(), "/", "Experiments")
                .withSubtitle(experiment.tags().getOrDefault(NOTE, ""))
                .withLive(live);
        return layout.reply(request, frame, html -> {
            form(html, view, found);
            if (found.error().isPresent()) {
                html.element("p", found.error().get(), "class", "problem", "role", "alert");
                return;
            }
            if (view.group().isEmpty()) {
                table(html, view, found);
            } else {
                RunGroupsTable.write(html, view, found.groups());
            }
        });
    }

    /**
     * What a view shows.
     *
     * @param error why its filter or order makes no sense
     */
    private record Found(Page<Run> runs, long count, List<RunGroup> groups, Optional<String> error) {}

    private Found find(RunsView view) {
        Page<Run> none = new Page<>(List.of(), Optional.empty());
        try {
            long count = tracking.runs().count(view.search());
            Page<Run> runs = tracking.runs(view.search());
            List<RunGroup> groups = view.group().isEmpty()
                    ? List.of()
                    : tracking.runs().groups(view.search(), view.group(), view.metric());
            return new Found(runs, count, groups, Optional.empty());
        } catch (ArclightException e) {
            if (e.code() != ErrorCode.BAD_INPUT) {
                throw e;
            }
            return new Found(none, 0, List.of(), Optional.ofNullable(e.getMessage()));
        }
    }

    private static void form(Html html, RunsView view, Found found) {
        RunColumns all = RunColumns.all(found.runs().items());
        html.raw("<form class=\"search\" role=\"search\"><label for=\"filter\">Filter</label>");
        html.open(
                "input",
                "id",
                "filter",
                "name",
                "filter",
                "type",
                "search",
                "value",
                view.filter(),
                "class",
                "filter",
                "data-key",
                "/",
                "spellcheck",
                "false",
                "autocapitalize",
                "off",
                "placeholder",
                "metrics.auc > 0.8 and params.depth = '5', or a part of a name");
        html.raw("<label for=\"group\">Group by</label><select id=\"group\" name=\"group\">");
        html.option("", "nothing", view.group().isEmpty());
        Set<String> groups = new LinkedHashSet<>(List.of("status", "user_id"));
        all.params().forEach(key -> groups.add(FilterText.field("params", key)));
        if (!view.group().isEmpty()) {
            groups.add(view.group());
        }
        groups.forEach(group -> html.option(group, group.replace("`", ""), group.equals(view.group())));
        html.raw("</select><label for=\"metric\">Metric</label><select id=\"metric\" name=\"metric\">");
        html.option("", "none", view.metric().isEmpty());
        Set<String> metrics = new LinkedHashSet<>(all.metrics());
        if (!view.metric().isEmpty()) {
            metrics.add(view.metric());
        }
        metrics.forEach(metric -> html.option(metric, metric, metric.equals(view.metric())));
        html.raw("</select><label class=\"check\">");
        html.open("input", checked(view.topLevel(), "type", "checkbox", "name", "top", "value", "1"));
        html.raw(" without nested runs</label>");
        html.hidden("sort", view.sort());
        columns(html, view, all);
        html.raw("<button>Show</button></form>\n");
    }

    private static void columns(Html html, RunsView view, RunColumns all) {
        if (all.isEmpty()) {
            return;
        }
        RunColumns shown = all.chosen(view.columns());
        html.raw("<details class=\"columns\"><summary>Columns</summary><div>");
        for (String name : all.names()) {
            html.raw("<label class=\"check\">");
            html.open("input", checked(shown.names().contains(name), "type", "checkbox", "name", "col", "value", name));
            html.raw(" ").text(name).raw("</label>");
        }
        html.raw("</div></details>");
    }

    static String[] checked(boolean is, String... attributes) {
        List<String> all = new ArrayList<>(List.of(attributes));
        if (is) {
            all.addAll(List.of("checked", ""));
        }
        return all.toArray(String[]::new);
    }

    private static void table(Html html, RunsView view, Found found) {
        List<Run> runs = found.runs().items();
        if (runs.isEmpty()) {
            html.raw(
                    view.filter().isEmpty()
                            ? "<p class=\"empty\">No runs yet. Log one: <code>mlflow.set_experiment(…)</code>,"
                                    + " <code>mlflow.start_run()</code>.</p>"
                            : "<p class=\"empty\">No run matches this filter.</p>");
            return;
        }
        html.raw("<form action=\"/compare\" class=\"runs\"><div class=\"actions\"><p data-part=\"count\">");
        html.text(Formats.count(found.count(), "run", "runs")).raw("</p>");
        html.raw("<button class=\"compare\">Compare the ticked</button>");
        html.link(view.comparison(), "Compare the first " + Math.min(ComparePage.MOST, found.count()));
        html.raw("</div>\n");
        RunsTable.write(html, view, RunColumns.all(runs).chosen(view.columns()), runs);
        html.raw("</form>\n<nav class=\"pager\" aria-label=\"Pages\">");
        if (!view.page().isEmpty()) {
            html.link(view.at("").address(), "First page");
        }
        found.runs()
                .nextToken()
                .ifPresent(next ->
                        html.element("a", "Next page", "href", view.at(next).address(), "rel", "next"));
        html.raw("</nav>\n");
    }
}
