package dev.arclight.track.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.track.Experiment;
import dev.arclight.track.Metric;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches among so many runs that each way to begin one is taken, beside the same filter and order in plain Java.
 * Would catch a way that loses runs, finds one twice, or brings them in another order.
 */
@Timeout(60)
final class RunPlanTest {
    private static final int RUNS = 2200;
    private static final int PAGE = 40;
    private static final Comparator<Run> NEWEST =
            Comparator.comparingLong(Run::startMillis).reversed().thenComparing(Run::id);

    private static Tracking tracking;
    private static Experiment experiment;
    private static List<Run> all;

    @BeforeAll
    static void fill(@TempDir Path folder) {
        tracking = Tracking.open(folder.toString());
        experiment = tracking.experiment("many");
        String other = tracking.experiment("other").id();
        // In parallel, since writes that come together are committed together.
        IntStream.range(0, RUNS).parallel().forEach(i -> {
            String where = i % 11 == 0 ? other : experiment.id();
            String id = tracking.runs()
                    .create(RunStart.in(where).named("run " + i % 500).at(1_000_000 + i / 3))
                    .id();
            List<Metric> metrics = new ArrayList<>();
            if (i % 5 != 0) {
                metrics.add(Metric.of("auc", i % 17 == 0 ? Double.NaN : (i * 7919 % 1000) / 1000.0, 1, 0));
            }
            if (i % 300 == 0) {
                metrics.add(Metric.of("rare", i, 1, 0));
            }
            Map<String, String> params =
                    Map.of("even", Boolean.toString(i % 2 == 0), "depth", Integer.toString(i % 97));
            tracking.runs().log(id, new RunBatch(metrics, params, Map.of()));
        });
        all = tracking.runs(RunSearch.in(experiment).withMaxResults(RUNS)).items();
        assertThat(all).hasSize(RUNS - RUNS / 11);
    }

    @AfterAll
    static void close() {
        tracking.close();
    }

    @Test
    void aNarrowPartOfTheFilterComesFirst() {
        Predicate<Run> depth = has("depth", "17");
        check("params.depth = '17'", depth, List.of(), NEWEST);
        check(
                "metrics.auc > 0.2 AND params.depth = '17' AND params.even = 'true'",
                depth.and(above("auc", 0.2)).and(has("even", "true")),
                List.of("metrics.auc DESC"),
                by("auc", false));
        check("metrics.rare >= 0", above("rare", -1), List.of("metrics.auc"), by("auc", true));
    }

    @Test
    void aMetricThatIsTheOrderComesFirst() {
        for (boolean ascending : new boolean[] {true, false}) {
            List<String> order = List.of("metrics.auc " + (ascending ? "ASC" : "DESC"));
            check("", run -> true, order, by("auc", ascending));
            check("metrics.auc > 0.1", above("auc", 0.1), order, by("auc", ascending));
            check("params.even = 'true'", has("even", "true"), order, by("auc", ascending));
            // NaN is unequal to all, and comes after all numbers, before what has no value.
            check(
                    "metrics.auc != 0.5",
                    run -> run.metric("auc").filter(value -> value != 0.5).isPresent(),
                    order,
                    by("auc", ascending));
        }
        check(
                "",
                run -> true,
                List.of("metrics.rare DESC"),
                by("rare", false)); // a page of it is not filled by numbers
        check("", run -> true, List.of("metrics.none"), by("none", true));
    }

    @Test
    void elseTheRunsComeFirst() {
        check("metrics.auc > 0.05", above("auc", 0.05), List.of(), NEWEST);
        check("attributes.run_name = 'run 77'", run -> run.name().equals("run 77"), List.of(), NEWEST);
        check(
                "attributes.run_name = 'run 77' AND metrics.auc >= 0",
                above("auc", -1).and(run -> run.name().equals("run 77")),
                List.of("metrics.auc"),
                by("auc", true));
        String id = all.get(5).id();
        check("attributes.run_id = '%s'".formatted(id), run -> run.id().equals(id), List.of("metrics.auc"), NEWEST);
    }

    private static void check(String filter, Predicate<Run> holds, List<String> order, Comparator<Run> sorted) {
        List<String> expected =
                all.stream().filter(holds).sorted(sorted).map(Run::id).toList();
        RunSearch search = RunSearch.in(experiment)
                .withFilter(filter)
                .withOrderBy(order.toArray(String[]::new))
                .withMaxResults(PAGE);
        assertThat(tracking.runs().count(search)).as(filter).isEqualTo(expected.size());
        List<String> found = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Page<Run> page = tracking.runs(search.withPageToken(token));
            page.items().forEach(run -> found.add(run.id()));
            token = page.nextToken();
        } while (token.isPresent() && found.size() < 5 * PAGE);
        assertThat(found)
                .as("%s, %s", filter, order)
                .containsExactlyElementsOf(expected.subList(0, Math.min(expected.size(), found.size())));
        assertThat(found.size()).isGreaterThanOrEqualTo(Math.min(expected.size(), 5 * PAGE));
    }

    private static Predicate<Run> has(String param, String value) {
        return run -> value.equals(run.params().get(param));
    }

    private static Predicate<Run> above(String metric, double bound) {
        return run -> run.metric(metric).filter(value -> value > bound).isPresent();
    }

    private static Comparator<Run> by(String metric, boolean ascending) {
        Comparator<Run> numbers = Comparator.comparingInt(
                run -> run.metric(metric).map(value -> value.isNaN() ? 1 : 0).orElse(2));
        Comparator<Run> values = Comparator.comparingDouble(
                run -> run.metric(metric).filter(value -> !value.isNaN()).orElse(0.0));
        return numbers.thenComparing(ascending ? values : values.reversed()).thenComparing(NEWEST);
    }
}
