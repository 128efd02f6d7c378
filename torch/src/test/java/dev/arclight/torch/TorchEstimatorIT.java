package dev.arclight.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import dev.arclight.model.torch.Layer;
import dev.arclight.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real PyTorch in worker processes on a local session. {@code TorchPythonIT} compares with Python. */
@Tag("full")
@Timeout(300)
final class TorchEstimatorIT {
    private static final int ROWS = 6000;
    private static Arclight session;
    private static Dataset<Row> table;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        session = Fares.session("local[2]");
        table = Fares.rows(session, ROWS).cache();
    }

    @AfterAll
    static void stop() {
        session.close();
    }

    private static TorchEstimator estimator() {
        return new TorchEstimator()
                .features(Fares.FEATURES)
                .label("fare")
                .network(Layer.linear(16), Layer.relu(), Layer.linear(1))
                .validation("held")
                .optimiser(Optimiser.adam(1e-2))
                .output("score")
                .batch(128)
                .epochs(3)
                .seed(3);
    }

    /** Would catch gradients that are not added up, or averaged wrongly over the uneven last batch. */
    @Test
    void twoWorkersAreOneWithTheDoubleBatch() {
        TorchModel one = estimator().shuffle(false).batch(256).fit(table);
        TorchModel two = estimator().shuffle(false).batch(128).workers(2).fit(table);

        assertThat(one.history()).hasSize(3);
        for (int e = 0; e < 3; e++) {
            assertThat(two.history().get(e).loss())
                    .isCloseTo(one.history().get(e).loss(), within(1e-4));
            assertThat(two.history().get(e).validationLoss())
                    .isCloseTo(one.history().get(e).validationLoss(), within(1e-4));
            assertThat(two.history().get(e).rows()).isEqualTo(ROWS * 5 / 6);
        }
        assertThat(two.workers())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain(ProcessHandle.current().pid());
        int steps = (ROWS * 5 / 6 / 2 + 127) / 128;
        int parameters = 6 * 16 + 16 + 16 + 1;
        assertThat(two.history().get(0).allReducedBytes()).isEqualTo(4L * steps * (parameters + 2));
        assertThat(one.history().get(0).allReducedBytes()).isZero();
    }

    /** Would catch a transform that predicts otherwise than what was trained, for each kind of layer and loss. */
    @Test
    void predictionsInJavaAreThoseOfPyTorch() {
        TorchEstimator every = estimator()
                .network(
                        Layer.embedding(5, 4, 3),
                        Layer.linear(16),
                        Layer.batchNorm(),
                        Layer.tanh(),
                        Layer.dropout(0.1),
                        Layer.linear(8),
                        Layer.sigmoid(),
                        Layer.linear(1));
        TorchModel fares = every.fit(table);
        Row squares = fares.transform(table)
                .filter("held")
                .agg(functions.sqrt(functions.avg(functions.expr("(score - fare) * (score - fare)"))))
                .first();
        assertThat(squares.getDouble(0)).isCloseTo(best(fares).metrics().get("rmse"), within(1e-4));

        TorchModel expensive =
                estimator().label("expensive").loss(Loss.logistic(2)).fit(table);
        assertThat(right(expensive, "(score > 0.5) = expensive"))
                .isCloseTo(best(expensive).metrics().get("accuracy"), within(1e-9))
                .isGreaterThan(0.9);

        TorchModel bands = estimator()
                .label("band")
                .network(Layer.linear(16), Layer.relu(), Layer.linear(3))
                .loss(Loss.crossEntropy(List.of(1.0, 2.0, 1.0)))
                .fit(table);
        Row gap = bands.transform(table.limit(1)
                        .withColumn("feature_0", functions.lit(null).cast("float")))
                .select("score")
                .first();
        assertThat(gap.getFloat(0)).as("the class of a row without a value").isNaN();
        assertThat(right(bands, "score = band"))
                .isCloseTo(best(bands).metrics().get("accuracy"), within(1e-9))
                .isGreaterThan(0.8);
    }

    /** Would catch a training that starts over, loses its optimiser's state, or ends with a lost worker. */
    @Test
    void aKilledWorkerIsReplacedAndTheTrainingGoesOnFromItsCheckpoint() throws Exception {
        TorchEstimator two = estimator().workers(2).epochs(20).batch(16);
        TorchModel undisturbed = two.fit(table);
        Path checkpoints = folder.resolve("checkpoints");
        CompletableFuture<TorchModel> training = CompletableFuture.supplyAsync(
                () -> two.checkpoints(checkpoints.toUri().toString()).fit(table));
        Await.until("a checkpoint", Duration.ofMinutes(2), () -> {
            try (var files = Files.list(Files.createDirectories(checkpoints))) {
                return files.anyMatch(file -> file.toString().endsWith("checkpoint.zip"));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        ProcessHandle worker = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("torch.worker.Worker"))
                .findFirst()
                .orElseThrow();
        worker.destroyForcibly();

        TorchModel model = training.get();
        assertThat(model.restarts()).isEqualTo(1);
        assertThat(model.workers()).doesNotContain(worker.pid());
        assertThat(model.history()).hasSize(20);
        assertThat(model.history().get(19).loss())
                .isCloseTo(undisturbed.history().get(19).loss(), within(1e-6));
    }

    @Test
    void aTrainingGoesOnFromACheckpointFolder() {
        String checkpoints = folder.resolve("kept").toUri().toString();
        List<Integer> heard = new CopyOnWriteArrayList<>();
        TorchModel whole = estimator().epochs(4).fit(table);
        estimator().epochs(2).checkpoints(checkpoints).fit(table);
        TorchModel resumed = estimator()
                .epochs(4)
                .checkpoints(checkpoints)
                .onEpoch(epoch -> heard.add(epoch.number()))
                .fit(table);
        assertThat(heard).containsExactly(0, 1, 2, 3);
        assertThat(resumed.history())
                .extracting(Epoch::loss)
                .isEqualTo(whole.history().stream().map(Epoch::loss).toList());
        assertThat(resumed.safetensors()).isEqualTo(whole.safetensors());
        assertThatThrownBy(() -> estimator().seed(9).checkpoints(checkpoints).fit(table))
                .hasMessageStartingWith("The checkpoint is of another training");
        refused(
                estimator().epochs(3).checkpoints(checkpoints),
                table,
                "The checkpoint holds 4 epochs, and 3 are to be trained");
    }

    /** Would catch a model of yesterday's rows, or of other columns, that is given back as today's. */
    @Test
    void aCheckpointOfOtherRowsOrColumnsIsNotTaken() {
        String checkpoints = folder.resolve("kept").toUri().toString();
        TorchEstimator kept = estimator().epochs(1).checkpoints(checkpoints);
        kept.fit(table);
        String other = "The checkpoint is of another training";
        refused(kept, table.union(table.limit(1)), other);
        refused(estimator().epochs(1).label("feature_0").checkpoints(checkpoints), table, other);
        assertThat(kept.fit(table.repartition(3)).history())
                .as("the same rows in another order")
                .hasSize(1);
    }

    /** Would catch workers that wait for one that has nothing to add up. */
    @Test
    void lessRowsToValidateOnThanWorkersAreEnough() {
        Dataset<Row> few = table.withColumn("held", functions.lit(false))
                .unionAll(table.limit(1).withColumn("held", functions.lit(true)))
                .cache();
        TorchModel model = estimator().epochs(2).workers(2).fit(few);
        assertThat(model.history()).hasSize(2).allMatch(epoch -> Double.isFinite(epoch.validationLoss()));
        few.unpersist();
    }

    @Test
    void earlyStoppingKeepsTheBestEpoch() {
        TorchModel model = estimator()
                .optimiser(Optimiser.sgd(0.05, 0.9))
                .network(Layer.linear(1))
                .epochs(50)
                .earlyStopping(2)
                .fit(table);
        assertThat(model.history().size()).isEqualTo(model.bestEpoch() + 3);
        assertThat(model.history().stream()
                        .mapToDouble(Epoch::validationLoss)
                        .min()
                        .orElseThrow())
                .isEqualTo(best(model).validationLoss());
    }

    @Test
    void aPipelineIsWrittenAndReadBack() throws Exception {
        Pipeline pipeline =
                new Pipeline().setStages(new PipelineStage[] {estimator().epochs(1)});
        pipeline.write().save(folder.resolve("pipeline").toString());
        PipelineModel fitted =
                Pipeline.load(folder.resolve("pipeline").toString()).fit(table);
        fitted.write().save(folder.resolve("fitted").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("fitted").toString());
        Dataset<Row> some = table.filter("held").limit(50);
        assertThat(loaded.transform(some).select("score").collectAsList())
                .isEqualTo(fitted.transform(some).select("score").collectAsList());
        assertThat(((TorchModel) loaded.stages()[0]).history()).isEqualTo(((TorchModel) fitted.stages()[0]).history());
    }

    @Test
    void wrongInputIsRefusedInOneSentence() throws Exception {
        refused(
                estimator(),
                table.withColumn(
                        "feature_1",
                        functions.when(functions.expr("held"), null).otherwise(1.0f)),
                "In the rows to train on, 'feature_1' has 1000 nulls; a network takes numbers only");
        refused(
                estimator(),
                table.withColumn("feature_2", functions.lit("far")),
                "The feature column 'feature_2' holds string (6000 values), but numbers or booleans are needed");
        refused(estimator().label("price"), table, "There is no label column 'price'");
        refused(estimator().workers(3), table, "3 workers, but this session runs 2 tasks at the same time");
        refused(estimator().loss(Loss.logistic()), table, "The label column 'fare' has ");
        refused(new TorchEstimator().features("feature_0"), table, "No network: give layers with network(...)");
        refused(
                estimator().network(Layer.linear(2)),
                table,
                "The network gives 256 numbers for 128 rows, but this loss takes one a row: end it with linear(1)");
        refused(estimator().optimiser(Optimiser.sgd(1e6, 0.9)), table, "The loss is ");
        Path noScript = Files.writeString(folder.resolve("network.pt"), "not a network");
        refused(
                new TorchEstimator().features(Fares.FEATURES).label("fare").torchScript(noScript),
                table,
                "The network is no TorchScript file that this PyTorch reads (");
        refused(
                estimator().torchScript(folder.resolve("missing.pt")),
                table,
                "Cannot read the network from " + folder.resolve("missing.pt") + ": there is no such file");
    }

    private static Epoch best(TorchModel model) {
        return model.history().get(model.bestEpoch());
    }

    private static double right(TorchModel model, String condition) {
        return model.transform(table)
                .filter("held")
                .agg(functions.avg(functions.expr(condition).cast("double")))
                .first()
                .getDouble(0);
    }

    private static void refused(TorchEstimator estimator, Dataset<Row> data, String message) {
        assertThatThrownBy(() -> estimator.fit(data))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith(message);
    }
}
