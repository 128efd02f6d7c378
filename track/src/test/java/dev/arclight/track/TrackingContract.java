package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation of {@link Tracking} does, with respect to runs and artifacts. */
public abstract class TrackingContract {
    /** A filter that MLflow takes as if the end were not there. */
    protected static final String UNFINISHED = "params.a = '1' AND";

    @TempDir
    protected Path folder;

    protected Experiment experiment;

    /** The store under test, open; the same one within a test. */
    protected abstract Tracking tracking();

    @BeforeEach
    final void makeAnExperiment() {
        experiment = tracking().experiment("e-" + UUID.randomUUID());
    }

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
    void runsAreSearchedByAllThatTheyHave() {
        String low = logged("low", "5", 0.5);
        String high = logged("high", "9", 0.9);
        String none = run("none");
        assertThat(search("metrics.auc > 0.6")).containsExactly(high);
        assertThat(search("metric.auc != 0.5")).containsExactly(high);
        assertThat(search("params.depth = '5'")).containsExactly(low);
        assertThat(search("params.depth != '5'")).containsExactly(high);
        if (knowsIsNull()) {
            assertThat(search("params.depth IS NULL")).containsExactly(none);
            assertThat(search("params.depth IS NOT NULL")).containsExactlyInAnyOrder(low, high);
        }
        assertThat(search("tags.`color` ILIKE 'RED%' AND attributes.status = 'RUNNING'"))
                .containsExactlyInAnyOrder(low, high);
        assertThat(search("tags.color LIKE 'RED%'")).isEmpty();
        assertThat(search("run_name = 'high' and metrics.auc >= 0.9")).containsExactly(high);
        assertThat(search("attributes.run_id IN ('%s', '%s')".formatted(low, none)))
                .containsExactlyInAnyOrder(low, none);
        assertThat(search("attributes.run_id NOT IN ('%s')".formatted(low))).containsExactlyInAnyOrder(high, none);
        assertThat(search("attributes.start_time > 0")).hasSize(3);
        assertThat(search("metrics.never = 0")).isEmpty();
        assertThat(search("tags.color = 'x'' OR 1=1 --'")).isEmpty();
    }

    /** Whether filters have {@code IS NULL}; those of MLflow 2 have not. */
    protected boolean knowsIsNull() {
        return true;
    }

    /** What is no filter, in every room. */
    protected List<String> noFilters() {
        return List.of(
                "metrics.auc > 'x'",
                "metrics.auc LIKE '1'",
                "params.depth = 5",
                "params.depth > '5'",
                "params.depth = '5' OR params.depth = '6'",
                "nonsense",
                "colour.x = '1'",
                "attributes.lifecycle = 'x'",
                UNFINISHED,
                "params.a = '1",
                "attributes.status IN ('RUNNING')",
                "metrics.a IS NULL");
    }

    @Test
    void whatIsNoFilterIsRefused() {
        for (String filter : noFilters()) {
            assertCode(
                    ErrorCode.BAD_INPUT,
                    () -> tracking().runs(RunSearch.in(experiment).withFilter(filter)));
        }
    }

    @Test
    void runsAreOrderedWithWhatLacksTheMetricLast() {
        String low = logged("low", "5", 0.5);
        String high = logged("high", "9", 0.9);
        String nan = logged("nan", "7", Double.NaN);
        String none = run("none");
        assertThat(ids(RunSearch.in(experiment).withOrderBy("metrics.auc DESC")))
                .containsExactly(high, low, nan, none);
        assertThat(ids(RunSearch.in(experiment).withOrderBy("metrics.auc"))).containsExactly(low, high, nan, none);
        assertThat(ids(RunSearch.in(experiment).withOrderBy("params.depth ASC")))
                .containsExactly(low, nan, high, none);
        assertThat(ids(RunSearch.in(experiment).withOrderBy("attributes.start_time ASC", "run_id")))
                .hasSize(4);
    }

    @Test
    void pagesJoinToTheWhole() {
        for (int i = 0; i < 7; i++) {
            logged("r" + i, Integer.toString(i), i);
        }
        RunSearch search = RunSearch.in(experiment).withOrderBy("metrics.auc DESC");
        List<Run> whole = tracking().runs(search).items();
        List<Run> pages =
                Page.all(token -> tracking().runs(search.withMaxResults(3).withPageToken(token)));
        assertThat(whole).hasSize(7);
        assertThat(pages)
                .extracting(Run::id)
                .containsExactlyElementsOf(whole.stream().map(Run::id).toList());
    }

    @Test
    void deletedRunsAreSeenOnRequestAndComeBack() {
        String id = run("a");
        tracking().runs().delete(id);
        assertThat(ids(RunSearch.in(experiment))).isEmpty();
        assertThat(ids(RunSearch.in(experiment).withView(View.DELETED_ONLY))).containsExactly(id);
        assertThat(ids(RunSearch.in(experiment).withView(View.ALL))).containsExactly(id);
        assertCode(ErrorCode.BAD_STATE, () -> tracking().runs().log(id, RunBatch.tags(Map.of("t", "v"))));
        tracking().runs().restore(id);
        assertThat(ids(RunSearch.in(experiment))).containsExactly(id);
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
    void datasetsAreInputsOnce() {
        Dataset dataset = new Dataset(
                "wine",
                "abc123",
                "local",
                "{\"uri\": \"wine.csv\"}",
                Optional.of("{}"),
                Optional.empty(),
                Map.of("mlflow.data.context", "training"));
        try (ActiveRun run = tracking().start(RunStart.in(experiment))) {
            run.dataset(dataset).dataset(dataset);
            assertThat(run.snapshot().datasets()).containsExactly(dataset);
        }
        assertThat(search("dataset.name = 'wine' AND dataset.context = 'training'"))
                .hasSize(1);
        assertThat(search("dataset.digest = 'other'")).isEmpty();
    }

    @Test
    void artifactsAreWrittenListedReadAndDeleted() throws IOException {
        Path local = Files.writeString(folder.resolve("ünïcode name.txt"), "from a file");
        Path tree = Files.createDirectories(folder.resolve("tree/sub"));
        Files.writeString(tree.resolve("leaf.txt"), "leaf");
        Run run;
        try (ActiveRun active = tracking().start(RunStart.in(experiment))) {
            active.artifact("charts/a.json", out -> out.write("{}".getBytes(StandardCharsets.UTF_8)));
            active.artifact(local, "files");
            active.artifact(folder.resolve("tree"), "copied");
            run = active.snapshot();
        }
        Artifacts artifacts = tracking().artifacts();
        String root = run.artifactUri();
        assertThat(artifacts.list(root, ""))
                .extracting(ArtifactEntry::path)
                .containsExactly("charts", "copied", "files");
        assertThat(artifacts.list(root, "charts")).containsExactly(new ArtifactEntry("charts/a.json", false, 2));
        assertThat(read(root, "files/ünïcode name.txt")).isEqualTo("from a file");
        assertThat(read(root, "copied/sub/leaf.txt")).isEqualTo("leaf");
        assertThat(artifacts.local(root, "copied").resolve("sub/leaf.txt")).hasContent("leaf");
        assertThat(tracking().resolve("runs:/" + run.id() + "/charts/a.json")).hasContent("{}");
        artifacts.write(root, "charts/a.json", out -> out.write('x'));
        assertThat(read(root, "charts/a.json")).isEqualTo("x");
        artifacts.delete(root, "charts/a.json");
        assertCode(ErrorCode.NOT_FOUND, () -> artifacts.open(root, "charts/a.json"));
        assertThat(artifacts.list(root, "nothing here")).isEmpty();
    }

    @Test
    void artifactPathsCannotLeaveTheirRoot() {
        String root = tracking().runs().create(RunStart.in(experiment)).artifactUri();
        for (String path : List.of("../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a/..")) {
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().write(root, path, out -> out.write(1)));
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().open(root, path));
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().list(root, path));
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().delete(root, path));
        }
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

    /** A run with a name that goes on running. */
    protected final String run(String name) {
        return tracking().runs().create(RunStart.in(experiment).named(name)).id();
    }

    protected static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ArclightException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    private String logged(String name, String depth, double auc) {
        String id = run(name);
        Map<String, String> tags = new HashMap<>();
        tags.put("color", "reddish");
        tracking().runs().log(id, new RunBatch(List.of(Metric.of("auc", auc, 1000, 1)), Map.of("depth", depth), tags));
        return id;
    }

    private List<String> search(String filter) {
        return ids(RunSearch.in(experiment).withFilter(filter));
    }

    private List<String> ids(RunSearch search) {
        return tracking().runs(search).items().stream().map(Run::id).toList();
    }

    private String read(String root, String path) throws IOException {
        try (InputStream in = tracking().artifacts().open(root, path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
