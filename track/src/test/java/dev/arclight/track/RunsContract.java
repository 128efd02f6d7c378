package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Tracking} does, with respect to experiments, runs and what is logged. */
public abstract class RunsContract extends StoreContract {
    @Test
    void anExperimentIsMadeOnceAndFoundByNameAndId() {
        assertThat(tracking().experiment(experiment.name())).isEqualTo(experiment);
        assertThat(tracking().experiments().load(experiment.id())).isEqualTo(experiment);
        assertThat(tracking().experiments().find("no such " + experiment.name()))
                .isEmpty();
        assertThat(experiment.id()).matches("\\d+");
        assertCode(
                ErrorCode.ALREADY_EXISTS,
                () -> tracking().experiments().create(experiment.name(), Optional.empty(), Map.of()));
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().experiments().load("987654321"));
    }

    @Test
    void aDeletedExperimentComesBackWithItsRuns() {
        String runId = run("a");
        tracking().experiments().delete(experiment.id());
        assertThat(tracking().runs(RunSearch.in(experiment)).items()).isEmpty();
        assertThat(tracking().experiments().load(experiment.id()).lifecycle()).isEqualTo(Lifecycle.DELETED);
        assertCode(ErrorCode.BAD_STATE, () -> tracking().runs().create(RunStart.in(experiment)));
        tracking().experiments().restore(experiment.id());
        assertThat(tracking().runs(RunSearch.in(experiment)).items())
                .extracting(Run::id)
                .containsExactly(runId);
    }

    @Test
    void experimentsAreRenamedTaggedAndSearched() {
        String name = "renamed " + experiment.name();
        tracking().experiments().rename(experiment.id(), name);
        tracking().experiments().setTag(experiment.id(), "team", "röd");
        Experiment now = tracking().experiments().load(experiment.id());
        assertThat(now.name()).isEqualTo(name);
        assertThat(now.tags()).containsEntry("team", "röd");
        assertThat(tracking()
                        .experiments()
                        .search(ExperimentSearch.active()
                                .withFilter("name = '%s' AND tags.team LIKE 'r_d'".formatted(name)))
                        .items())
                .extracting(Experiment::id)
                .containsExactly(experiment.id());
    }

    @Test
    void aRunKeepsWhatWasLogged() {
        RunStart start = RunStart.in(experiment).named("forest").by("ann").tag("kind", "baseline");
        String id;
        try (ActiveRun run = tracking().start(start)) {
            id = run.id();
            assertThat(id).matches("[0-9a-f]{32}");
            assertThat(tracking().runs().load(id).status()).isEqualTo(RunStatus.RUNNING);
            assertThat(tracking().runs().load(id).endMillis()).isEmpty();
            run.param("trees", 10).param("depth", "∞ 深い");
            run.metric("auc", 0.5, 1).metric("auc", 0.75, 2).metric("auc", 0.6, 1);
            run.tag("kind", "better");
        }
        Run run = tracking().runs().load(id);
        assertThat(run.name()).isEqualTo("forest");
        assertThat(run.user()).isEqualTo("ann");
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.endMillis().getAsLong()).isGreaterThanOrEqualTo(run.startMillis());
        assertThat(run.params()).containsOnly(Map.entry("trees", "10"), Map.entry("depth", "∞ 深い"));
        assertThat(run.metric("auc")).contains(0.75);
        assertThat(run.metrics().values()).extracting(Metric::step).containsExactly(2L);
        assertThat(run.tags()).containsEntry("kind", "better").containsEntry("mlflow.runName", "forest");
        assertThat(tracking().runs().history(id, "auc"))
                .extracting(Metric::step)
                .containsExactly(1L, 1L, 2L);
        assertThat(tracking().runs().history(id, "none")).isEmpty();
    }

    @Test
    void aRunWithoutANameGetsOne() {
        assertThat(tracking().runs().create(RunStart.in(experiment)).name()).isNotBlank();
    }

    @Test
    void aFailedRunKeepsItsCause() {
        IllegalStateException cause = new IllegalStateException("tree 7 has no leaves");
        assertThatThrownBy(() -> tracking().within(RunStart.in(experiment).named("bad"), run -> {
                    run.metric("auc", 0.1);
                    throw cause;
                }))
                .isSameAs(cause);
        Run run = tracking().runs().first(RunSearch.in(experiment)).orElseThrow();
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.failure().orElseThrow()).contains("tree 7 has no leaves", "IllegalStateException");
        assertThat(run.metric("auc")).contains(0.1);
        assertThat(run.endMillis()).isPresent();
    }

    @Test
    void anInterruptedRunIsKilledAndStaysInterrupted() {
        assertThatThrownBy(() -> tracking().within(RunStart.in(experiment), run -> {
                    run.metric("auc", 0.1);
                    Thread.currentThread().interrupt();
                    throw new InterruptedException("Ctrl-C");
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        Run run = tracking().runs().first(RunSearch.in(experiment)).orElseThrow();
        assertThat(run.status()).isEqualTo(RunStatus.KILLED);
        assertThat(run.metric("auc")).contains(0.1);
    }

    @Test
    void theFirstEndOfARunCounts() {
        ActiveRun run = tracking().start(RunStart.in(experiment));
        run.kill();
        run.fail(new IllegalStateException("late"));
        run.close();
        assertThat(tracking().runs().load(run.id()).status()).isEqualTo(RunStatus.KILLED);
    }

    @Test
    void aRunIsResumed() {
        String id = run("a");
        try (ActiveRun run = tracking().resume(id)) {
            assertThat(tracking().runs().load(id).status()).isEqualTo(RunStatus.RUNNING);
            run.metric("more", 1);
        }
        assertThat(tracking().runs().load(id).status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void nestedRunsAreFoundByTheirParent() {
        try (ActiveRun parent = tracking().start(RunStart.in(experiment).named("sweep"))) {
            String child = tracking().runs().create(parent.child("trial 1")).id();
            run("stranger");
            List<Run> children =
                    tracking().runs(RunSearch.childrenOf(parent.snapshot())).items();
            assertThat(children).extracting(Run::id).containsExactly(child);
            assertThat(children.get(0).parentId()).contains(parent.id());
        }
    }

    @Test
    void aParamNeverChangesItsValue() {
        String id = run("a");
        tracking().runs().log(id, RunBatch.params(Map.of("depth", "5")));
        tracking().runs().log(id, RunBatch.params(Map.of("depth", "5")));
        assertThatThrownBy(() -> tracking().runs().log(id, RunBatch.params(Map.of("depth", "6"))))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessageContaining("depth");
        assertThat(tracking().runs().load(id).params()).containsEntry("depth", "5");
    }

    @Test
    void aBatchIsAllOrNothing() {
        String id = run("a");
        tracking().runs().log(id, RunBatch.params(Map.of("depth", "5")));
        RunBatch batch =
                new RunBatch(List.of(Metric.of("auc", 1, 0)), Map.of("depth", "6", "new", "1"), Map.of("t", "v"));
        assertCode(ErrorCode.BAD_INPUT, () -> tracking().runs().log(id, batch));
        Run run = tracking().runs().load(id);
        assertThat(run.params()).containsOnlyKeys("depth");
        assertThat(run.tags()).doesNotContainKey("t");
    }

    @Test
    void aMetricKeepsNanAndNegativeStepsAndDropsRepeatedPoints() {
        String id = run("a");
        Metric nan = Metric.of("loss", Double.NaN, 1000, 3);
        tracking()
                .runs()
                .log(
                        id,
                        RunBatch.metrics(List.of(
                                nan,
                                nan,
                                Metric.of("loss", 1e300, 1000, -5),
                                Metric.of("loss", -0.1, 1000, Long.MAX_VALUE / 2))));
        List<Metric> history = tracking().runs().history(id, "loss");
        assertThat(history).extracting(Metric::step).containsExactly(-5L, 3L, Long.MAX_VALUE / 2);
        assertThat(history.get(1).value()).isNaN();
        assertThat(history.get(1).timestampMillis()).isEqualTo(1000);
    }

    @Test
    void infiniteMetricsStayLargerThanAllOthers() {
        String id = run("a");
        tracking()
                .runs()
                .log(
                        id,
                        RunBatch.metrics(List.of(
                                Metric.of("up", Double.POSITIVE_INFINITY, 1, 0),
                                Metric.of("down", Double.NEGATIVE_INFINITY, 1, 0))));
        Run run = tracking().runs().load(id);
        // MLflow's database keeps the largest doubles in their place.
        assertThat(run.metric("up").orElseThrow()).isGreaterThanOrEqualTo(Double.MAX_VALUE);
        assertThat(run.metric("down").orElseThrow()).isLessThanOrEqualTo(-Double.MAX_VALUE);
    }

    @Test
    void thousandsOfMetricsAreThereAfterTheRunEnds() {
        int steps = 3_500;
        String id;
        try (ActiveRun run = tracking().start(RunStart.in(experiment))) {
            id = run.id();
            for (int step = 0; step < steps; step++) {
                run.metrics(Map.of("train", step / 10.0, "valid", -step / 10.0), step);
            }
        }
        assertThat(tracking().runs().history(id, "train")).hasSize(steps);
        assertThat(tracking().runs().history(id, "valid"))
                .extracting(Metric::value)
                .endsWith(-(steps - 1) / 10.0);
    }

    @Test
    void curvesKeepTheirEnds() {
        String id = run("a");
        List<Metric> points = IntStream.range(0, 900)
                .mapToObj(step -> Metric.of("auc", step, 1000L + step, step))
                .toList();
        tracking().runs().log(id, RunBatch.metrics(points));
        Map<String, List<Metric>> curves = tracking().runs().curves(List.of(id, run("b")), "auc", 50);
        assertThat(curves).containsOnlyKeys(id);
        assertThat(curves.get(id)).hasSizeBetween(10, 60).isSubsetOf(points);
        assertThat(curves.get(id)).startsWith(points.get(0)).endsWith(points.get(899));
    }

    @Test
    void limitsAreThoseOfMlflow() {
        String id = run("a");
        assertCode(ErrorCode.BAD_INPUT, () -> RunBatch.params(Map.of("p", "x".repeat(6001))));
        assertCode(ErrorCode.BAD_INPUT, () -> RunBatch.tags(Map.of("t", "x".repeat(8001))));
        assertCode(ErrorCode.BAD_INPUT, () -> RunBatch.params(Map.of("k".repeat(251), "x")));
        assertCode(ErrorCode.BAD_INPUT, () -> RunBatch.params(Map.of("a//b", "x")));
        assertCode(ErrorCode.BAD_INPUT, () -> RunBatch.params(Map.of("../b", "x")));
        assertCode(ErrorCode.BAD_INPUT, () -> RunBatch.metrics(List.of(Metric.of("a*b", 1, 0))));
        assertCode(
                ErrorCode.BAD_INPUT,
                () -> RunBatch.metrics(IntStream.range(0, 1001)
                        .mapToObj(i -> Metric.of("m", i, 0))
                        .toList()));
        String key = "ключ/a-b.c: d" + "k".repeat(237);
        tracking().runs().log(id, new RunBatch(List.of(Metric.of(key, 1, 0)), Map.of(key, "x".repeat(6000)), Map.of()));
        Run run = tracking().runs().load(id);
        assertThat(run.params().get(key)).hasSize(6000);
        assertThat(run.metric(key)).contains(1.0);
    }

    @Test
    void tagsAreOverwrittenAndDeleted() {
        String id = run("a");
        tracking().runs().log(id, RunBatch.tags(Map.of("t", "1")));
        tracking().runs().log(id, RunBatch.tags(Map.of("t", "2")));
        assertThat(tracking().runs().load(id).tags()).containsEntry("t", "2");
        tracking().runs().deleteTag(id, "t");
        assertThat(tracking().runs().load(id).tags()).doesNotContainKey("t");
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().runs().deleteTag(id, "t"));
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        String missing = "0".repeat(32);
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().runs().load(missing));
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().runs().log(missing, RunBatch.tags(Map.of("t", "v"))));
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().models().load("m-" + missing));
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().runs().create(RunStart.in("987654321")));
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().resolve("models:/no-such-model@champion"));
    }
}
