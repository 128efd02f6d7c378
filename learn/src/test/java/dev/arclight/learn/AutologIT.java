package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Run;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
final class AutologIT {
    @TempDir
    private Path folder;

    @Test
    @Timeout(180)
    void sparkEstimatorsAndPipelinesLogThemselves() throws Exception {
        try (Arclight session = Arclight.builder("autolog")
                        .master("local[2]")
                        .spark("spark.ui.enabled", "false")
                        .start();
                Tracking tracking = Tracking.open(folder.toString())) {
            Dataset<Row> rows = frame(session);
            Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
                new VectorAssembler()
                        .setInputCols(Wine.COLUMNS.toArray(String[]::new))
                        .setOutputCol("features"),
                new LogisticRegression().setMaxIter(7).setRegParam(0.01)
            });
            try (ActiveRun run = tracking.start(RunStart.in("0"))) {
                PipelineModel model = Autolog.to(run).fit(pipeline, rows);
                assertThat(model.transform(rows).count()).isEqualTo(rows.count());
                Run logged = run.snapshot();
                assertThat(logged.params())
                        .containsEntry("estimator", "Pipeline")
                        .containsEntry("LogisticRegression.maxIter", "7")
                        .containsEntry("LogisticRegression.regParam", "0.01")
                        .containsEntry("LogisticRegression.fitIntercept", "true");
                assertThat(logged.params().get("VectorAssembler.inputCols")).contains("feature_0", "feature_7");
                assertThat(logged.metric("training_seconds").orElseThrow()).isPositive();
                assertThat(tracking.runs().history(run.id(), "objective")).hasSizeBetween(2, 8);
            }
            XGBoostEstimator trees = new XGBoostEstimator()
                    .features(Wine.COLUMNS.toArray(String[]::new))
                    .params(XGBoostParams.binary().with("max_depth", 3).rounds(5));
            try (ActiveRun run = tracking.start(RunStart.in("0"))) {
                Autolog.to(run).fit(trees, rows);
                Run logged = run.snapshot();
                assertThat(logged.params())
                        .containsEntry("estimator", "XGBoostEstimator")
                        .containsEntry("max_depth", "3")
                        .containsEntry("workers", "1");
                assertThat(tracking.artifacts().list(logged.artifactUri(), ""))
                        .extracting(file -> file.path())
                        .containsExactly("feature_importance.json");
            }
        }
    }

    private static Dataset<Row> frame(Arclight session) {
        LabeledMatrix data = Wine.rows(600, 1);
        StructType schema = new StructType();
        for (String column : Wine.COLUMNS) {
            schema = schema.add(column, DataTypes.FloatType);
        }
        schema = schema.add("label", DataTypes.DoubleType);
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < data.rows(); r++) {
            List<Object> cells = new ArrayList<>();
            for (int c = 0; c < Wine.COLUMNS.size(); c++) {
                cells.add(data.features().at(r, c));
            }
            cells.add((double) data.labels()[r]);
            rows.add(RowFactory.create(cells.toArray()));
        }
        return session.spark().createDataFrame(rows, schema);
    }
}
