package dev.arclight.track;

import dev.arclight.track.search.Field;
import dev.arclight.track.search.FilterParser;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.search.Subject;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Groups runs that were fetched, for stores that cannot do it where the runs are. */
final class RunGroups {
    private static final int MOST = 500;

    private RunGroups() {}

    static List<RunGroup> of(List<Run> runs, String by, String metric) {
        List<OrderBy> parsed = FilterParser.order(Subject.RUNS, List.of(by));
        Field field = parsed.get(0).field();
        Map<Optional<String>, DoubleSummaryStatistics> figures = new HashMap<>();
        Map<Optional<String>, Long> counts = new HashMap<>();
        for (Run run : runs) {
            Optional<String> value = value(run, field);
            counts.merge(value, 1L, Long::sum);
            run.metric(metric)
                    .filter(number -> !number.isNaN())
                    .ifPresent(number -> figures.computeIfAbsent(value, first -> new DoubleSummaryStatistics())
                            .accept(number));
        }
        return counts.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue(), figures.get(entry.getKey())))
                .sorted(Comparator.comparingLong(RunGroup::runs)
                        .reversed()
                        .thenComparing(group -> group.value().orElse("")))
                .limit(MOST)
                .toList();
    }

    private static RunGroup group(
            Optional<String> value, long runs, @org.jspecify.annotations.Nullable DoubleSummaryStatistics figures) {
        if (figures == null) {
            return new RunGroup(value, runs, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
        }
        return new RunGroup(
                value,
                runs,
                OptionalDouble.of(figures.getAverage()),
                OptionalDouble.of(figures.getMin()),
                OptionalDouble.of(figures.getMax()));
    }

    private static Optional<String> value(Run run, Field field) {
        return switch (field.kind()) {
            case PARAM -> Optional.ofNullable(run.params().get(field.key()));
            case TAG -> Optional.ofNullable(run.tags().get(field.key()));
            case METRIC -> run.metric(field.key()).map(String::valueOf);
            default ->
                Optional.of(
                        switch (field.key()) {
                            case "run_name" -> run.name();
                            case "user_id" -> run.user();
                            case "status" -> run.status().name();
                            case "artifact_uri" -> run.artifactUri();
                            case "start_time" -> Long.toString(run.startMillis());
                            case "end_time" ->
                                run.endMillis().isPresent()
                                        ? Long.toString(run.endMillis().getAsLong())
                                        : "";
                            default -> run.id();
                        });
        };
    }
}
