package dev.arclight.track.command;

import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code arclight runs list}. */
@Command(name = "list", description = "Lists runs, newest first; nested ones only with --all, --parent or --filter.")
final class RunsListCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Option(names = "--experiment", paramLabel = "NAME", description = "Only runs of this experiment")
    private @Nullable String experiment;

    @Option(names = "--parent", paramLabel = "RUN", description = "Only runs nested in this one")
    private @Nullable String parent;

    @Option(names = "--all", description = "Nested runs too")
    private boolean all;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "MLflow's grammar, such as \"metrics.auc > 0.8 and params.max_depth = '5'\"")
    private @Nullable String filter;

    @Option(names = "--order-by", paramLabel = "KEY", description = "Such as \"metrics.auc DESC\"; may be repeated")
    private final List<String> orderBy = new ArrayList<>();

    @Option(names = "--max", paramLabel = "N", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}")
    private int max;

    @Override
    public int run(CommandContext context) {
        try (Tracking tracking = store.open(context)) {
            List<Run> runs = tracking.runs(search(tracking)).items();
            if (store.json()) {
                context.out()
                        .println(Texts.json(
                                runs.stream().map(RunsListCommand::json).toList()));
                return 0;
            }
            TextTable table = new TextTable("RUN", "NAME", "STATUS", "STARTED", "TOOK", "METRICS");
            for (Run run : runs) {
                table.add(
                        Texts.id(run.id()),
                        run.name(),
                        run.status().name(),
                        Texts.time(run.startMillis()),
                        Texts.duration(run),
                        metrics(run));
            }
            if (table.isEmpty()) {
                context.out().println("No runs.");
            } else {
                table.print(context.out());
            }
            return 0;
        }
    }

    /** A run as scripts get it. */
    static Map<String, Object> json(Run run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run_id", run.id());
        json.put("experiment_id", run.experimentId());
        json.put("name", run.name());
        json.put("status", run.status().name());
        json.put("user", run.user());
        json.put("start_time", run.startMillis());
        json.put("end_time", run.endMillis().isPresent() ? run.endMillis().getAsLong() : null);
        json.put("artifact_uri", run.artifactUri());
        json.put("params", new TreeMap<>(run.params()));
        Map<String, Double> metrics = new TreeMap<>();
        run.metrics().forEach((key, metric) -> metrics.put(key, metric.value()));
        json.put("metrics", metrics);
        json.put("tags", new TreeMap<>(run.tags()));
        return json;
    }

    private RunSearch search(Tracking tracking) {
        String[] ids = experiment == null
                ? RunFinder.experimentIds(tracking)
                : new String[] {
                    tracking.experiments()
                            .find(experiment)
                            .orElseThrow(() ->
                                    notFound("There is no experiment '%s' in %s".formatted(experiment, tracking.uri())))
                            .id()
                };
        List<String> conditions = new ArrayList<>();
        if (parent != null) {
            conditions.add("tags.`%s` = '%s'"
                    .formatted(
                            RunStart.PARENT_TAG,
                            RunFinder.find(tracking, parent).id()));
        } else if (!all && filter == null) {
            conditions.add("tags.`%s` IS NULL".formatted(RunStart.PARENT_TAG));
        }
        if (filter != null && !filter.isBlank()) {
            conditions.add(filter);
        }
        return RunSearch.in(ids)
                .withFilter(String.join(" AND ", conditions))
                .withOrderBy(orderBy.toArray(String[]::new))
                .withMaxResults(max);
    }

    private static String metrics(Run run) {
        List<String> metrics = new ArrayList<>();
        new TreeMap<>(run.metrics()).forEach((key, metric) -> metrics.add(key + "=" + Texts.number(metric.value())));
        return String.join(" ", metrics);
    }
}
