package dev.arclight.track.pages;

import dev.arclight.base.report.Axis;
import dev.arclight.base.report.Charts;
import dev.arclight.track.Experiment;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStatus;
import dev.arclight.track.Tracking;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One run: how it went, what it was given, what it gave, its files. */
final class RunPage {
    private static final int MOST_CURVES = 24;
    private static final int CURVE_POINTS = 1000;
    private static final int MOST_CHILDREN = 200;

    private final Tracking tracking;
    private final Layout layout;
    private final ArtifactView artifacts;

    RunPage(Tracking tracking, Layout layout) {
        this.tracking = tracking;
        this.layout = layout;
        this.artifacts = new ArtifactView(tracking);
    }

    Reply show(Request request) {
        Run run = tracking.runs().load(request.parameter("id"));
        Experiment experiment = tracking.experiments().load(run.experimentId());
        List<String> trail =
                new ArrayList<>(List.of("/", "Experiments", Links.experiment(experiment.id()), experiment.name()));
        run.parentId().ifPresent(parent -> {
            trail.add(Links.run(parent));
            trail.add("Parent run");
        });
        String note = run.tags().getOrDefault("mlflow.note.content", "");
        boolean live = run.status() == RunStatus.RUNNING;
        Layout.Frame frame = new Layout.Frame(run.name(), note, trail, live, true);
        String folder = request.query("folder").orElse("");
        Optional<String> file = request.query("file").filter(path -> !path.isEmpty());
        return layout.reply(request, frame, html -> {
            facts(html, run);
            run.failure()
                    .ifPresent(failure -> html.raw("<section class=\"failure\"><h2>Why it failed</h2>"
                                    + "<div class=\"code\"><pre tabindex=\"0\"><code>")
                            .text(failure)
                            .raw("</code></pre></div></section>\n"));
            children(html, run);
            curves(html, run);
            Map<String, String> metrics = new TreeMap<>();
            run.metrics().forEach((key, metric) -> metrics.put(key, Formats.number(metric.value())));
            html.raw("<div class=\"pairs\">");
            pairs(html, "Metrics", metrics, true);
            pairs(html, "Params", run.params(), false);
            html.raw("</div>\n");
            files(html, run, folder, file);
            models(html, run);
            datasets(html, run);
            html.raw("<div class=\"pairs\">");
            pairs(html, "Tags", run.tags(), false);
            html.raw("</div>\n");
        });
    }

    private static void facts(Html html, Run run) {
        html.raw("<dl class=\"facts\" data-part=\"facts\"><div><dt>Status</dt><dd class=\"value\">");
        Formats.status(html, run.status()).raw("</dd></div><div><dt>Took</dt><dd class=\"value\">");
        html.text(Formats.duration(run, System.currentTimeMillis())).raw("</dd><dd class=\"remark\">from ");
        Formats.time(html, run.startMillis()).raw("</dd></div><div><dt>User</dt><dd class=\"value\">");
        html.text(run.user().isEmpty() ? "–" : run.user()).raw("</dd></div>");
        html.raw("<div><dt>Run</dt><dd class=\"id\"><code>").text(run.id()).raw("</code></dd></div></dl>\n");
    }

    private void children(Html html, Run run) {
        List<Run> children = tracking.runs(RunSearch.childrenOf(run).withMaxResults(MOST_CHILDREN))
                .items();
        if (children.isEmpty()) {
            return;
        }
        String filter = "tags.`mlflow.parentRunId` = '%s'".formatted(run.id());
        String all = new Links.Query().add("filter", filter).after(Links.experiment(run.experimentId()));
        String compare = new Links.Query()
                .add("experiment", run.experimentId())
                .add("filter", filter)
                .after("/compare");
        long running = children.stream()
                .filter(child -> child.status() == RunStatus.RUNNING)
                .count();
        html.raw("<section data-part=\"children\"><h2>Nested runs</h2><p>");
        html.text(Formats.count(tracking.runs().count(RunSearch.childrenOf(run)), "run", "runs"));
        html.text(running > 0 ? ", %d running. ".formatted(running) : ". ");
        html.link(all, "In a table").raw(" · ").link(compare, "Compared").raw("</p></section>\n");
    }

    private void curves(Html html, Run run) {
        List<String> keys = new ArrayList<>(new TreeMap<>(run.metrics()).keySet());
        int drawn = 0;
        for (String key : keys) {
            List<Metric> curve =
                    tracking.runs().curves(List.of(run.id()), key, CURVE_POINTS).getOrDefault(run.id(), List.of());
            if (curve.size() < 2) {
                continue;
            }
            if (drawn == 0) {
                html.raw("<section data-part=\"curves\"><h2>Curves</h2><div class=\"charts\">");
            }
            drawn++;
            boolean steps = curve.stream().map(Metric::step).distinct().count() > 1;
            long first = curve.get(0).timestampMillis();
            html.chart(Charts.line(key, Axis.of(steps ? "step" : "seconds"), Axis.of(""))
                    .series(
                            key,
                            curve.stream()
                                    .mapToDouble(
                                            metric -> steps ? metric.step() : (metric.timestampMillis() - first) / 1e3)
                                    .toArray(),
                            curve.stream().mapToDouble(Metric::value).toArray()));
            if (drawn == MOST_CURVES) {
                break;
            }
        }
        if (drawn > 0) {
            html.raw("</div></section>\n");
        }
    }

    private static void pairs(Html html, String title, Map<String, String> pairs, boolean numeric) {
        if (pairs.isEmpty()) {
            return;
        }
        html.open("section", "data-part", "pairs-" + title).element("h2", title);
        html.raw("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\"");
        html.raw(" aria-label=\"").text(title).raw("\"><table><tbody>\n");
        new TreeMap<>(pairs)
                .forEach((key, value) -> html.raw("<tr>")
                        .element("th", key, "scope", "row")
                        .element("td", Formats.shortened(value, 1000), "class", numeric ? "n" : "long")
                        .raw("</tr>\n"));
        html.raw("</tbody></table></div></div></section>\n");
    }

    private void files(Html html, Run run, String folder, Optional<String> file) {
        try {
            artifacts.section(html, run, folder, file);
        } catch (IOException e) {
            throw new UncheckedIOException("The artifacts of run " + run.id() + " cannot be read", e);
        }
    }

    private void models(Html html, Run run) {
        if (run.modelOutputs().isEmpty()) {
            return;
        }
        html.raw("<section><h2>Models</h2><ul class=\"plain-list\">");
        for (ModelOutput output : run.modelOutputs()) {
            LoggedModel model = tracking.models().load(output.modelId());
            html.raw("<li><strong>")
                    .text(model.name())
                    .raw("</strong> <code>")
                    .text(model.uri())
                    .raw("</code> ");
            html.text(model.status().name().toLowerCase(java.util.Locale.ROOT)).raw("</li>");
        }
        html.raw("</ul></section>\n");
    }

    private static void datasets(Html html, Run run) {
        if (run.datasets().isEmpty()) {
            return;
        }
        html.raw("<section><h2>Datasets</h2><ul class=\"plain-list\">");
        run.datasets()
                .forEach(dataset -> html.raw("<li><strong>")
                        .text(dataset.name())
                        .raw("</strong> <code>")
                        .text(dataset.digest())
                        .raw("</code> ")
                        .text(Formats.shortened(dataset.source(), 200))
                        .raw("</li>"));
        html.raw("</ul></section>\n");
    }
}
