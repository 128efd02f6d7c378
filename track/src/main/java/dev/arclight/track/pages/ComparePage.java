package dev.arclight.track.pages;

import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.Tracking;
import dev.arclight.track.View;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Several runs side by side: drawn, and param by param. */
final class ComparePage {
    /** Runs on one page. */
    static final int MOST = 100;

    private static final int MOST_COLUMNS = 20;

    private final Tracking tracking;
    private final Layout layout;

    ComparePage(Tracking tracking, Layout layout) {
        this.tracking = tracking;
        this.layout = layout;
    }

    Reply show(Request request) {
        List<Run> runs = runs(request);
        if (runs.isEmpty()) {
            throw HttpError.badRequest("No runs to compare: tick some in an experiment's table first");
        }
        Set<String> experiments = new LinkedHashSet<>();
        runs.forEach(run -> experiments.add(run.experimentId()));
        List<String> trail = new ArrayList<>(List.of("/", "Experiments"));
        for (String id : experiments) {
            trail.add(Links.experiment(id));
            trail.add(tracking.experiments().load(id).name());
        }
        boolean live = runs.stream().anyMatch(run -> run.status() == RunStatus.RUNNING);
        Layout.Frame frame = new Layout.Frame(
                "Compare " + Formats.count(runs.size(), "run", "runs"), "", List.copyOf(trail), live, true);
        RunColumns columns = RunColumns.all(runs);
        CompareChoice choice = CompareChoice.of(request, columns, runs);
        return layout.reply(request, frame, html -> {
            choice.form(html, request, columns);
            new CompareCharts(tracking, runs, columns, choice).write(html);
            List<Run> shown = runs.subList(0, Math.min(MOST_COLUMNS, runs.size()));
            if (shown.size() < runs.size()) {
                html.raw("<p class=\"quiet\">The tables show the first ")
                        .text(MOST_COLUMNS)
                        .raw(" runs.</p>\n");
            }
            table(html, "Params", shown, columns.params(), run -> run.params()::get);
            table(
                    html,
                    "Metrics",
                    shown,
                    columns.metrics(),
                    run -> key -> run.metric(key).map(Formats::number).orElse(null));
            Set<String> tags = new TreeSet<>();
            shown.forEach(run -> tags.addAll(run.tags().keySet()));
            table(html, "Tags", shown, new ArrayList<>(tags), run -> run.tags()::get);
        });
    }

    private List<Run> runs(Request request) {
        List<String> ids = request.queries("run");
        if (ids.size() > MOST) {
            throw HttpError.badRequest("%d runs are too many to compare: at most %d".formatted(ids.size(), MOST));
        }
        if (!ids.isEmpty()) {
            return new LinkedHashSet<>(ids).stream().map(tracking.runs()::load).toList();
        }
        Optional<String> experiment = request.query("experiment");
        if (experiment.isEmpty()) {
            return List.of();
        }
        String sort = request.query("sort").orElse("");
        String nested = request.query("top").isPresent() ? "tags.`%s` IS NULL".formatted(RunStart.PARENT_TAG) : "";
        return tracking.runs(new RunSearch(
                        List.of(experiment.get()),
                        View.ACTIVE_ONLY,
                        FilterText.all(
                                List.of(FilterText.of(request.query("filter").orElse("")), nested)),
                        sort.isEmpty() ? List.of() : List.of(sort),
                        MOST,
                        Optional.empty()))
                .items();
    }

    /** One row a key, one column a run; rows whose values differ are marked, and those that do not can be hidden. */
    private static void table(
            Html html,
            String title,
            List<Run> runs,
            List<String> keys,
            Function<Run, Function<String, @org.jspecify.annotations.Nullable String>> values) {
        if (keys.isEmpty()) {
            return;
        }
        html.raw("<section>").element("h2", title);
        html.open("div", "class", "table diff", "data-part", "diff-" + title);
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", title);
        html.raw("<table class=\"many\"><thead><tr><td></td>");
        for (Run run : runs) {
            html.raw("<th scope=\"col\">").link(Links.run(run.id()), run.name()).raw("</th>");
        }
        html.raw("</tr></thead><tbody>\n");
        for (String key : keys) {
            List<Optional<String>> row = runs.stream()
                    .map(run -> Optional.ofNullable(values.apply(run).apply(key)))
                    .toList();
            boolean differs = runs.size() > 1 && row.stream().anyMatch(value -> !Objects.equals(value, row.get(0)));
            html.open("tr", "class", differs ? "differs" : "same").element("th", key, "scope", "row");
            for (Optional<String> value : row) {
                if (value.isEmpty()) {
                    html.raw("<td class=\"none\">–</td>");
                } else {
                    html.element(
                            "td", Formats.shortened(value.get(), 80), "title", Formats.shortened(value.get(), 600));
                }
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div></div></section>\n");
    }
}
