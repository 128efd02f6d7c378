package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code arclight runs show}. */
@Command(name = "show", description = "Shows one run: params, metrics, tags and artifacts.")
final class RunsShowCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Parameters(paramLabel = "RUN", description = "Its id, or how that begins")
    private String id = "";

    @Override
    public int run(CommandContext context) throws IOException {
        try (Tracking tracking = store.open(context)) {
            Run run = RunFinder.find(tracking, id);
            if (store.json()) {
                context.out().println(Texts.json(RunsListCommand.json(run)));
            } else {
                print(context.out(), tracking, run);
            }
            return 0;
        }
    }

    private static void print(PrintWriter out, Tracking tracking, Run run) throws IOException {
        TextTable head = new TextTable("Run", run.id());
        head.add("Name", run.name());
        head.add("Experiment", tracking.experiments().load(run.experimentId()).name());
        head.add("Status", run.status().name());
        head.add("User", run.user());
        head.add("Started", Texts.time(run.startMillis()));
        run.endMillis().ifPresent(end -> head.add("Took", Texts.duration(run)));
        run.parentId().ifPresent(parent -> head.add("Nested in", parent));
        run.failure()
                .ifPresent(failure ->
                        head.add("Failure", failure.lines().findFirst().orElse("")));
        run.modelOutputs().forEach(model -> head.add("Model", "models:/" + model.modelId()));
        head.print(out);

        TextTable params = new TextTable("PARAM", "VALUE");
        new TreeMap<>(run.params()).forEach(params::add);
        section(out, params);

        TextTable metrics = new TextTable("METRIC", "LATEST", "STEP");
        new TreeMap<>(run.metrics())
                .forEach((key, metric) -> metrics.add(key, Texts.number(metric.value()), Long.toString(metric.step())));
        section(out, metrics);

        TextTable tags = new TextTable("TAG", "VALUE");
        for (Map.Entry<String, String> tag : new TreeMap<>(run.tags()).entrySet()) {
            if (!tag.getKey().startsWith("mlflow.") && !tag.getKey().equals(Run.FAILURE_TAG)) {
                tags.add(tag.getKey(), tag.getValue());
            }
        }
        section(out, tags);

        TextTable artifacts = new TextTable("ARTIFACT", "BYTES");
        addArtifacts(artifacts, tracking, run, "");
        section(out, artifacts);
    }

    private static void addArtifacts(TextTable table, Tracking tracking, Run run, String path) throws IOException {
        for (ArtifactEntry entry : tracking.artifacts().list(run.artifactUri(), path)) {
            if (entry.isDirectory()) {
                addArtifacts(table, tracking, run, entry.path());
            } else {
                table.add(entry.path(), Long.toString(entry.sizeBytes()));
            }
        }
    }

    private static void section(PrintWriter out, TextTable table) {
        if (!table.isEmpty()) {
            out.println();
            table.print(out);
        }
    }
}
