package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class XGBoostEstimatorIT {
    private static final LabeledMatrix TRAIN = Wine.rows(4000, 1);
    private static final LabeledMatrix VALIDATION = Wine.rows(2000, 2);
    private static final XGBoostParams PARAMS = XGBoostParams.binary()
            .with("max_depth", 4)
            .with("learning_rate", 0.1)
            .rounds(300)
            .earlyStopping(20);
    private static Arclight session;
    private static Dataset<Row> table;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        session = Arclight.builder("estimator")
                .master("local[2]")
                .spark("spark.ui.enabled", "false")
                .start();
        table = frame(TRAIN, false).union(frame(VALIDATION, true)).repartition(3);
    }

    @AfterAll
    static void stop() {
        session.close();
    }

    private static Dataset<Row> frame(LabeledMatrix data, boolean held) {
        StructType schema = new StructType().add("held", DataTypes.BooleanType);
        for (String column : Wine.COLUMNS) {
            schema = schema.add(column, DataTypes.FloatType);
        }
        schema = schema.add("label", DataTypes.IntegerType);
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < data.rows(); r++) {
            List<Object> cells = new ArrayList<>(List.of(held));
            for (int c = 0; c < Wine.COLUMNS.size(); c++) {
                cells.add(data.features().at(r, c));
            }
            cells.add((int) data.labels()[r]);
            rows.add(RowFactory.create(cells.toArray()));
        }
        return session.spark().createDataFrame(rows, schema);
    }

    private static XGBoostEstimator estimator() {
        return new XGBoostEstimator()
                .features(Wine.COLUMNS.toArray(String[]::new))
                .params(PARAMS)
                .validation("held")
                .output("score");
    }

    private static double validationAuc(Dataset<Row> scored) {
        List<Row> rows = scored.filter("held").select("score", "label").collectAsList();
        float[] scores = new float[rows.size()];
        float[] labels = new float[rows.size()];
        for (int r = 0; r < scores.length; r++) {
            scores[r] = rows.get(r).getFloat(0);
            labels[r] = rows.get(r).getInt(1);
        }
        return Metrics.auc(scores, labels);
    }

    @Test
    void twoWorkersAreAsGoodAsOneAndAsTrainingInOneJvm() {
        double alone;
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            alone = trainer.train(PARAMS).bestScore();
        }
        for (int workers = 1; workers <= 2; workers++) {
            XGBoostModel model = estimator().workers(workers).fit(table);
            assertThat(model.file().rounds()).isBetween(2, 299);
            assertThat(model.file().featureNames()).isEqualTo(Wine.COLUMNS);
            assertThat(model.importances().get(0).feature()).isEqualTo("feature_0");
            assertThat(validationAuc(model.transform(table))).isCloseTo(alone, within(0.003));
        }
    }

    /**
     * Would catch the rounds after the best one staying where lower is better: XGBoost leaves zeros for those it skips.
     */
    @Test
    void aLossIsCutAtItsLeastToo() {
        XGBoostParams params = PARAMS.with("eval_metric", "logloss").earlyStopping(60);
        int best;
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            best = trainer.train(params).bestIteration();
        }
        XGBoostModel model = estimator().params(params).fit(table);
        assertThat(model.file().rounds()).isBetween(best - 25, best + 25); // 60 more if it was not cut
    }

    @Test
    void aPipelineIsWrittenAndReadBack() throws Exception {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            estimator().params(PARAMS.rounds(10).earlyStopping(0)).validation("")
        });
        pipeline.write().save(folder.resolve("pipeline").toString());
        PipelineModel fitted =
                Pipeline.load(folder.resolve("pipeline").toString()).fit(table);
        fitted.write().save(folder.resolve("fitted").toString());
        PipelineModel loaded = PipelineModel.load(folder.resolve("fitted").toString());

        assertThat(((XGBoostModel) loaded.stages()[0]).file().rounds()).isEqualTo(10);
        Dataset<Row> some = table.filter("held").orderBy(Wine.COLUMNS.get(0)).limit(50);
        assertThat(loaded.transform(some).select("score").collectAsList())
                .isEqualTo(fitted.transform(some).select("score").collectAsList());
    }

    @Test
    void wrongTablesAreRefusedByColumn() {
        refused(
                estimator(),
                table.withColumn("held", org.apache.spark.sql.functions.lit(false)),
                "The column 'held' marks no rows to validate on");
        refused(
                estimator(),
                table.withColumn(
                        "feature_1",
                        functions.when(functions.rand(1).lt(2), null).otherwise(1.0f)),
                "In the rows to train on, 'feature_1' has 6000 nulls; ");
        refused(
                estimator(),
                table.withColumn("label", functions.lit(1)),
                "Labels in 'label' are from 1.0 to 1.0, but ");
        refused(estimator().label("good"), table, "There is no label column 'good'");
        refused(estimator().validation("label"), table, "There is no boolean column 'label' to mark validation rows");
        refused(estimator().workers(3), table, "3 workers, but this session runs 2 tasks at the same time");
        refused(new XGBoostEstimator(), table, "No features: name the input columns with features(...)");
    }

    private static void refused(XGBoostEstimator estimator, Dataset<Row> data, String message) {
        assertThatThrownBy(() -> estimator.fit(data))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith(message);
    }
}
