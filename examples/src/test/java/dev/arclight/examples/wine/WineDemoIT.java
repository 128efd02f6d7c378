package dev.arclight.examples.wine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.engine.Arclight;
import dev.arclight.model.Model;
import dev.arclight.testing.Browser;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Page;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.testing.Viewport;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStatus;
import dev.arclight.track.Tracking;
import dev.arclight.tune.FinishedTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WineDemoIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path shared;

    private static @Nullable Path finished;

    /** One finished demo for the tests that only look at what it left. */
    private static synchronized Path finishedDemo() throws Exception {
        Path out = finished;
        if (out == null) {
            out = shared.resolve("out");
            DemoRun.of("--out", out, "--evals", 6, "--parallelism", 2, "--master", "local[2]");
            finished = out;
        }
        return out;
    }

    @Test
    void theSummaryHoldsWhatScriptsReadAndItsFiguresAreSound() throws Exception {
        JsonNode summary = summary(finishedDemo());
        assertThat(summary.at("/data/rows").asInt()).isEqualTo(1599 + 4898);
        assertThat(summary.at("/data/generated").asBoolean()).isTrue();
        assertThat(summary.at("/forest/test_auc").asDouble()).isBetween(0.7, 1.0);
        assertThat(summary.at("/sweep/evals").asInt()).isEqualTo(6);
        assertThat(summary.at("/sweep/parallelism").asInt()).isEqualTo(2);
        assertThat(summary.at("/sweep/wall_seconds").asDouble()).isPositive();
        assertThat(summary.at("/sweep/best_validation_auc").asDouble()).isBetween(0.7, 1.0);
        assertThat(summary.at("/champion/version").asInt()).isIn(1, 2);
        assertThat(summary.at("/champion/test_auc").asDouble())
                .isCloseTo(
                        Math.max(
                                summary.at("/forest/test_auc").asDouble(),
                                summary.at("/sweep/test_auc").asDouble()),
                        within(1e-6));
        assertThat(summary.at("/batch/rows").asLong()).isEqualTo(WineTables.UNSEEN_ROWS);
        assertThat(summary.at("/serving/max_abs_difference").asDouble()).isZero();
        assertThat(summary.at("/serving/p50_millis").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(summary.at("/serving/p99_millis").asDouble());
        assertThat(summary.at("/seconds").fieldNames())
                .toIterable()
                .contains("start", "load", "profile", "split", "forest", "sweep", "promote", "batch", "serve");
    }

    @Test
    void everythingIsTracked() throws Exception {
        try (Tracking tracking =
                Tracking.open(finishedDemo().resolve("tracking").toString())) {
            List<Run> runs =
                    tracking.runs(RunSearch.in(tracking.experiment("wine"))).items();
            Run sweep = runs.stream()
                    .filter(run -> run.name().equals("xgboost sweep"))
                    .findFirst()
                    .orElseThrow();
            List<Run> trials = tracking.runs(RunSearch.childrenOf(sweep)).items();
            assertThat(trials).hasSize(6).allSatisfy(trial -> {
                assertThat(trial.status()).isEqualTo(RunStatus.FINISHED);
                assertThat(trial.params())
                        .containsKeys(WineLifecycle.SPACE.names().toArray(String[]::new));
                assertThat(tracking.runs().history(trial.id(), "validation_auc"))
                        .hasSizeGreaterThan(50);
            });
            assertThat(runs).allSatisfy(run -> assertThat(run.status()).isEqualTo(RunStatus.FINISHED));
            assertThat(tracking.registry().versions(WineLifecycle.MODEL)).hasSizeGreaterThanOrEqualTo(2);
            assertThat(tracking.registry().history(WineLifecycle.MODEL, WineLifecycle.CHAMPION))
                    .isNotEmpty()
                    .allSatisfy(change -> assertThat(change.why()).contains("test AUC"));
        }
    }

    @Test
    void aSecondRunInTheSameFolderGoesOnWithTheRegistry() throws Exception {
        Path out = shared.resolve("twice");
        DemoRun.of("--out", out, "--evals", 2, "--master", "local[2]");
        JsonNode first = summary(out);
        DemoRun.of("--out", out, "--evals", 2, "--master", "local[2]");
        JsonNode second = summary(out);
        assertThat(second.at("/champion")).as("equally good is not better").isEqualTo(first.at("/champion"));
        assertThat(second.at("/sweep/best_validation_auc")).isEqualTo(first.at("/sweep/best_validation_auc"));
        try (Tracking tracking = Tracking.open(out.resolve("tracking").toString())) {
            assertThat(tracking.registry().versions(WineLifecycle.MODEL))
                    .extracting(ModelVersion::version)
                    .containsExactly(4, 3, 2, 1);
        }
    }

    @Test
    void theSameSeedGivesTheSameTrialsForEachParallelismAndPartitioning() throws Exception {
        Path data = shared.resolve("reproducible");
        WineTables.write(data, 5, 10);
        WineData.Parts parts;
        try (Arclight arclight = Arclight.builder("t").master("local[2]").start()) {
            var rows = WineData.load(arclight, data);
            parts = WineData.split(rows, 5);
            WineData.Parts scrambled = WineData.split(rows.repartition(7).orderBy("alcohol"), 5);
            assertThat(scrambled).isEqualTo(parts);
        }
        List<List<Object>> results = new java.util.ArrayList<>();
        for (int parallelism = 1; parallelism <= 4; parallelism++) {
            try (Tracking tracking =
                    Tracking.open(shared.resolve("t" + parallelism).toString())) {
                WineLifecycle wine = new WineLifecycle(tracking, dev.arclight.base.progress.Progress.NONE, 5);
                WineLifecycle.Sweep sweep = wine.sweep(parts, 14, parallelism, study -> study);
                results.add(List.of(
                        sweep.study().trials().stream()
                                .map(FinishedTrial::parameters)
                                .toList(),
                        sweep.study().trials().stream()
                                .map(FinishedTrial::value)
                                .toList(),
                        sweep.best().testAuc()));
            }
        }
        assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(results.get(0)));
    }

    @Test
    void theReportReadsWellOnADeskAndAPhone() throws Exception {
        try (Browser browser = Browser.open()) {
            for (Viewport viewport : List.of(
                    Viewport.desktop(), Viewport.phone(), Viewport.desktop().inDark())) {
                try (Page page = browser.page(finishedDemo().resolve("report.html"), viewport)) {
                    // Charts are drawn when they come into view; a picture of the whole page brings all of them there.
                    page.screenshot(Path.of(
                            "target", "wine-report-" + viewport.width() + (viewport.dark() ? "-dark" : "") + ".png"));
                    page.await("[...document.querySelectorAll('figure.chart')].every(c => c.querySelector('svg'))");
                    assertThat(page.errors()).isEmpty();
                    assertThat(page.count("figure.chart")).isGreaterThan(20);
                    assertThat(page.evaluate("[...document.querySelectorAll('figure.chart')]"
                                            + ".filter(c => c.querySelectorAll('svg path').length < 3)"
                                            + ".map(c => c.querySelector('.title').textContent)")
                                    .toString())
                            .as("charts without marks")
                            .isEqualTo("[]");
                    assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                                    .asBoolean())
                            .as("no sideways scroll")
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xgboost-3.1", "xgboost-newest"})
    void pythonLoadsBothRegisteredModelsAndPredictsTheSame(String environment) throws Exception {
        PythonEnvironment python = PythonEnvironment.open(environment);
        try (Tracking tracking =
                Tracking.open(finishedDemo().resolve("tracking").toString())) {
            for (int version : List.of(1, 2)) {
                Path directory = tracking.resolve("models:/%s/%d".formatted(WineLifecycle.MODEL, version));
                comparePredictions(python, directory);
            }
        }
    }

    @Test
    void onTheRealTablesTheModelsAreAsGoodAsPythons() throws Exception {
        Path out = shared.resolve("real");
        DemoRun.of("--out", out, "--evals", 8, "--master", "local[2]", "--data", Needs.data("wine"));
        JsonNode summary = summary(out);
        assertThat(summary.at("/data/generated").asBoolean()).isFalse();
        // A split by content keeps duplicates out of the test rows, which costs about 0.03 against Python's random
        // split.
        assertThat(summary.at("/forest/test_auc").asDouble()).isGreaterThan(0.80);
        assertThat(summary.at("/champion/test_auc").asDouble()).isGreaterThan(0.83);
    }

    private static void comparePredictions(PythonEnvironment python, Path directory) throws IOException {
        Model model = Model.load(directory);
        int features = WineData.FEATURES.size();
        float[] rows = new float[2000 * features];
        java.util.Random random = new java.util.Random(7);
        float[] golden = model.goldenRows().orElseThrow().rows();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = golden[i % golden.length] * (0.8f + 0.4f * random.nextFloat());
        }
        float[] ours = new float[2000];
        model.predictor().predict(rows, 2000, ours);
        StringBuilder csv = new StringBuilder(String.join(",", WineData.FEATURES)).append('\n');
        for (int r = 0; r < 2000; r++) {
            for (int c = 0; c < features; c++) {
                csv.append(c == 0 ? "" : ",").append((double) rows[r * features + c]);
            }
            csv.append('\n');
        }
        Path table = Files.writeString(shared.resolve("rows.csv"), csv);
        Path script = Files.writeString(shared.resolve("predict.py"), """
                import sys, mlflow, mlflow.xgboost, numpy as np, pandas as pd, xgboost
                rows = pd.read_csv(sys.argv[2])
                a = np.asarray(mlflow.pyfunc.load_model(sys.argv[1]).predict(rows), dtype=np.float32).ravel()
                b = mlflow.xgboost.load_model(sys.argv[1])
                b = b.predict(xgboost.DMatrix(rows)) if isinstance(b, xgboost.Booster) else b.predict_proba(rows)[:, 1]
                assert np.array_equal(a, np.asarray(b, dtype=np.float32).ravel())
                print("\\n".join(repr(float(x)) for x in a))
                """);
        String[] theirs = python.run(Duration.ofMinutes(3), script, directory, table)
                .strip()
                .split("\n");
        assertThat(theirs).hasSize(2000);
        for (int r = 0; r < 2000; r++) {
            double expected = Double.parseDouble(theirs[r]);
            assertThat((double) ours[r]).as("row " + r).isCloseTo(expected, within(1e-6 + 1e-6 * Math.abs(expected)));
        }
    }

    private static JsonNode summary(Path out) throws IOException {
        return JSON.readTree(out.resolve("summary.json").toFile());
    }
}
