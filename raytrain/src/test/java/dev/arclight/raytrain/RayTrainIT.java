package dev.arclight.raytrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.model.Model;
import dev.arclight.model.Predictor;
import dev.arclight.ray.dataset.Exchange;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonTorch;
import dev.arclight.testing.RayCluster;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Run;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PyTorch on a real Ray cluster, from a DataFrame to a model directory. */
@Tag("full")
@Timeout(600)
final class RayTrainIT {
    private static RayCluster cluster;
    private static Arclight arclight;
    private static Path code;

    @TempDir
    Path folder;

    @BeforeAll
    static void start(@TempDir Path site) throws Exception {
        code = Path.of(Objects.requireNonNull(RayTrainIT.class.getResource("/python/code"))
                .toURI());
        PythonTorch.linkInto(site);
        cluster = RayCluster.start("ray-train", Map.of("PYTHONPATH", site.toString()), 4);
        arclight = Arclight.builder("raytrain")
                .master(Master.of("ray:" + cluster.address()))
                .spark("spark.sql.shuffle.partitions", "2")
                .spark("spark.executor.instances", "1")
                .spark("spark.executor.memory", "700m")
                .spark("spark.arclight.ray.jar", cluster.jar().toString())
                .spark("spark.arclight.ray.token-file", cluster.tokenFile().toString())
                .start();
    }

    @AfterAll
    static void stop() {
        try (RayCluster closing = cluster;
                Arclight ending = arclight) {
            assertThat(closing).isNotNull();
            assertThat(ending).isNotNull();
        }
    }

    /** y = 3a - b; one row in five is held back. */
    private static Dataset<Row> rows() {
        return arclight.spark()
                .range(0, 2000, 1, 2)
                .selectExpr("float(rand(1)) as a", "rand(2) as b", "id % 5 = 0 as held")
                .selectExpr("*", "3 * a - b as y");
    }

    private static RayTrainEstimator estimator() {
        return new RayTrainEstimator()
                .module("linear:train_loop")
                .code(code)
                .features("a", "b")
                .label("y")
                .validation("held")
                .config("rate", 0.05)
                .batch(32)
                .epochs(4)
                .workers(2);
    }

    @Test
    void twoWorkersTrainAndTheModelComesBackAsADirectory() throws Exception {
        List<Report> heard = new ArrayList<>();
        try (Tracking tracking = Tracking.open(folder.resolve("store").toString())) {
            String id;
            RayTrainModel model;
            try (ActiveRun run = tracking.start(RunStart.in(tracking.experiment("fares")))) {
                id = run.id();
                model = estimator().track(run).onReport(heard::add).fit(rows());
            }
            assertThat(heard).isEqualTo(model.history());
            assertThat(heard).extracting(Report::step).containsExactly(0, 1, 2, 3);
            // Each of two workers trains on half of the 1,600 rows.
            assertThat(heard).allSatisfy(report -> assertThat(report.metrics()).containsEntry("rows", 800.0));
            double last = Objects.requireNonNull(heard.get(3).metrics().get("validation_loss"));
            assertThat(last)
                    .isLessThan(Objects.requireNonNull(heard.get(0).metrics().get("validation_loss")) / 2)
                    .isLessThan(0.05);
            Run logged = tracking.runs().load(id);
            assertThat(logged.params()).containsEntry("workers", "2").containsEntry("module", "linear:train_loop");
            assertThat(logged.metric("validation_loss")).contains(last);
            predictsWhatPythonDoes(model);

            model.write().overwrite().save(folder.resolve("saved").toString());
            RayTrainModel again =
                    RayTrainModel.read().load(folder.resolve("saved").toString());
            assertThat(again.history()).isEqualTo(model.history());
            again.writeTo(folder.resolve("again"));
            assertThat(folder.resolve("again/model.onnx"))
                    .hasBinaryContent(Files.readAllBytes(folder.resolve("model/model.onnx")));
        }
        assertThat(Exchange.of(arclight).names()).noneMatch(name -> name.startsWith("arclight-rows"));
    }

    /** Python opens the TorchScript file; the JVM predicts the same by the ONNX file. */
    private void predictsWhatPythonDoes(RayTrainModel model) {
        Path directory = folder.resolve("model");
        model.writeTo(directory);
        String said = Processes.run(
                Duration.ofMinutes(1),
                Map.of(),
                List.of(
                        PythonTorch.python().toString(),
                        "-c",
                        "import sys, torch; print(*torch.jit.load(sys.argv[1])(torch.tensor([[0.5, 0.5], [0.9, 0.1]]))"
                                + ".flatten().tolist())",
                        directory.resolve("data/model.pth").toString()));
        double[] theirs = Arrays.stream(said.strip().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(theirs[0]).isCloseTo(1.0, within(0.4));
        assertThat(theirs[1]).isCloseTo(2.6, within(0.4));
        Predictor predictor = Model.load(directory).predictor();
        float[] ours = new float[2];
        predictor.predict(new float[] {0.5f, 0.5f, 0.9f, 0.1f}, 2, ours);
        assertThat((double) ours[0]).isCloseTo(theirs[0], within(1e-4));
        assertThat((double) ours[1]).isCloseTo(theirs[1], within(1e-4));
    }

    @Test
    void aWorkerKilledOnceGoesOnFromTheCheckpoint() throws Exception {
        Path storage = Files.createDirectories(folder.resolve("storage"));
        RayTrainModel model = estimator()
                .config("die_after", 1)
                .config("heard", storage.resolve("heard").toString())
                .callbacks("linear:Heard")
                .storage(storage.toString())
                .fit(rows());
        assertThat(model.restarts()).isEqualTo(1);
        assertThat(model.history()).extracting(Report::step).containsExactly(0, 1, 2, 3);
        assertThat(model.history())
                .extracting(report -> report.metrics().get("resumed_at"))
                .containsExactly(0.0, 1.0, 1.0, 1.0);
        assertThat(model.history().get(3).metrics().get("validation_loss")).isLessThan(0.05);
    }

    /** All that RayDP's {@code fit_on_spark} takes and the tests above leave as it is. */
    @Test
    void workersGetWhatRaydpsParametersSay() throws Exception {
        Path storage = Files.createDirectories(folder.resolve("storage"));
        RayTrainModel model = estimator()
                .shuffle(false)
                .dropLast(true)
                .batch(64)
                .epochs(2)
                .seed(3)
                .workers(1)
                .workerResource("CPU", 0.5)
                .callbacks("linear:Heard")
                .retries(0)
                .storage(storage.toString())
                .best("rate_so_far", true)
                .fit(rows());
        // 1,600 rows are 25 batches of 64.
        assertThat(model.history())
                .extracting(report -> report.metrics().get("rows"))
                .containsExactly(1600.0, 1600.0);
        assertThat(model.history())
                .extracting(report -> report.metrics().get("first_order"))
                .containsOnly(0.0);
        assertThat(storage.resolve("heard")).hasContent("heard\nheard\n");
        assertThat(storage.toFile().list()).anyMatch(name -> name.startsWith("arclight-training-"));
        model.writeTo(folder.resolve("best"));
        // The best by that metric is the first epoch's.
        assertThat(folder.resolve("best/epoch")).hasContent("0");
    }

    @Test
    void aFailureOfTheFunctionIsToldWithItsPlace() {
        assertThatThrownBy(() ->
                        estimator().module("failing:train_loop").retries(0).fit(rows()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("'failing:train_loop' failed on worker")
                .hasMessageContaining("ValueError: no good rate 0.05 (failing.py, line 5)");
    }

    @Test
    void whatCannotBeginIsRefusedBeforeAnythingIsMoved() {
        Dataset<Row> fails = rows().selectExpr("a", "b", "held", "assert_true(false, 'this ran') as y");
        assertThatThrownBy(() -> estimator().label("fare").fit(fails))
                .hasMessageContaining("There is no label column 'fare'");
        assertThatThrownBy(() -> estimator().fit(rows().selectExpr("a", "string(b) as b", "held", "y")))
                .hasMessageContaining("'b' holds string (2000 values)");
        assertThatThrownBy(() -> estimator().fit(rows().selectExpr("if(a > 2, a, null) as a", "b", "held", "y")))
                .hasMessageContaining("'a' has 2000 nulls");
        Dataset<Row> rows = rows();
        assertThatThrownBy(() -> estimator().module("broken:train_loop").fit(rows))
                .hasMessageContaining("The cluster's Python cannot load 'broken:train_loop': ModuleNotFoundError: No"
                        + " module named 'no_such_library_at_all' (broken.py, line 2)");
        assertThatThrownBy(() -> estimator().module("linear:fit").fit(rows))
                .hasMessageContaining("the module has no function 'fit'");
        assertThatThrownBy(() -> estimator().workers(9).fit(rows))
                .hasMessageContaining("9 workers of 1 CPU each, but 3 of the cluster's 4 CPU are free");
        assertThat(Exchange.of(arclight).names()).noneMatch(name -> name.startsWith("arclight-rows"));
    }
}
