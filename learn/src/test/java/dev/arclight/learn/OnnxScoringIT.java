package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.engine.addon.PinnedJar;
import dev.arclight.model.Model;
import dev.arclight.testing.OnnxModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX models as an expression of Spark; the reference is onnxruntime in Python. */
@Tag("full")
final class OnnxScoringIT {
    @TempDir
    Path folder;

    @Test
    void tablesAreScoredAsInPythonInBatchesAndRowByRow() throws Exception {
        float[] rows = OnnxModels.floats("pipeline.rows");
        float[] expected = OnnxModels.floats("pipeline.predictions");
        Model model = Model.load(OnnxModels.folder().resolve("pipeline"));
        try (Arclight session = Arclight.builder("onnx").master("local[2]").start()) {
            SparkSession spark = session.spark();
            List<Row> table = new ArrayList<>();
            for (int i = 0; i < OnnxModels.ROWS; i++) {
                table.add(RowFactory.create(
                        i, rows[4 * i], rows[4 * i + 1], (double) rows[4 * i + 2], (long) rows[4 * i + 3]));
            }
            StructType schema = new StructType()
                    .add("id", DataTypes.IntegerType)
                    .add("fixed acidity", DataTypes.FloatType)
                    .add("pH", DataTypes.FloatType)
                    .add("alcohol", DataTypes.DoubleType)
                    .add("is_red", DataTypes.LongType);
            String path = folder.resolve("rows.parquet").toString();
            spark.createDataFrame(table, schema).repartition(3).write().parquet(path);
            Dataset<Row> parquet = spark.read().parquet(path);
            Dataset<Row> scored = parquet.withColumn("score", Scoring.column(model));
            assertThat(scored.queryExecution().executedPlan().toString()).contains("ScoreBatches");
            List<Row> seen = scored.select(
                            "id",
                            "score.label",
                            "score.probabilities_0",
                            "score.probabilities_1",
                            "score.probabilities_2")
                    .collectAsList();
            assertThat(seen).hasSize(OnnxModels.ROWS);
            for (Row row : seen) {
                for (int i = 0; i < 4; i++) {
                    float wanted = expected[4 * row.getInt(0) + i];
                    assertThat(row.getFloat(i + 1))
                            .isCloseTo(wanted, org.assertj.core.data.Offset.offset(1e-6f + 1e-6f * Math.abs(wanted)));
                }
            }
            Row first = parquet.orderBy(
                            Scoring.column(model).getField("probabilities_0").desc(), functions.col("id"))
                    .first();
            float best = 0;
            for (int i = 0; i < OnnxModels.ROWS; i++) {
                best = Math.max(best, expected[4 * i + 1]);
            }
            assertThat(expected[4 * first.getInt(0) + 1]).isCloseTo(best, org.assertj.core.data.Offset.offset(1e-6f));
        }
    }

    /** The jar that "arclight install onnx" fetches is the one that these tests ran with. */
    @Test
    void theAddOnIsTheJarOfTheseTests() throws Exception {
        PinnedJar pin = OnnxAddOn.RUNTIME;
        Path jar = List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)).stream()
                .map(Path::of)
                .filter(path -> path.getFileName().toString().equals(pin.fileName()))
                .findFirst()
                .orElseThrow();
        assertThat(dev.arclight.base.Sha256.of(jar)).isEqualTo(pin.sha256());
    }
}
