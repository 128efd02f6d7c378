package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.engine.Arclight;
import dev.arclight.testing.PythonEnvironment;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of arrays and of tables beside scikit-learn's. */
@Tag("full")
final class TableMetricsIT {
    private static final int ROWS = 20_000;
    private static Arclight session;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        session = Arclight.builder("metrics").master("local[2]").start();
    }

    @AfterAll
    static void stop() {
        session.close();
    }

    @Test
    void bothAreScikitLearns() throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        double[] scores = new double[ROWS];
        double[] labels = new double[ROWS];
        List<Row> rows = new ArrayList<>();
        StringBuilder csv = new StringBuilder("score,label\n");
        for (int i = 0; i < ROWS; i++) {
            double score = random.nextDouble();
            scores[i] = i % 3 == 0 ? Math.round(score * 20) / 20.0 : score; // ties, edges, 0 and 1
            labels[i] = random.nextDouble() < scores[i] * scores[i] ? 1 : 0;
            if (scores[i] == 1 || scores[i] == 0) {
                labels[i] = scores[i]; // else the logarithmic loss is all theirs
            }
            rows.add(RowFactory.create(scores[i], (int) labels[i]));
            csv.append(scores[i]).append(',').append(labels[i]).append('\n');
        }
        Path file = Files.writeString(folder.resolve("scores.csv"), csv);
        Path script = folder.resolve("metrics.py");
        try (InputStream in = TableMetricsIT.class.getResourceAsStream("/python/metrics.py")) {
            Files.write(script, Objects.requireNonNull(in).readAllBytes());
        }
        JsonNode expected =
                new JsonMapper().readTree(PythonEnvironment.open("tables").run(Duration.ofMinutes(3), script, file));
        Dataset<Row> table = table(rows).repartition(7);
        TableMetrics.Binary binary = TableMetrics.binary(table, "score", "label", 0.5, 10);
        TableMetrics.Regression regression = TableMetrics.regression(table, "score", "label");

        assertThat(binary.rows()).isEqualTo(ROWS);
        assertThat(binary.auc()).isEqualTo(Metrics.auc(scores, labels));
        assertThat(binary.auc()).isCloseTo(expected.get("auc").doubleValue(), within(1e-12));
        close(expected, "average_precision", binary.averagePrecision(), Metrics.averagePrecision(scores, labels));
        close(expected, "log_loss", binary.logLoss(), Metrics.logLoss(scores, labels));
        close(expected, "rmse", regression.rootMeanSquaredError(), Metrics.rootMeanSquaredError(scores, labels));
        close(expected, "mae", regression.meanAbsoluteError(), Metrics.meanAbsoluteError(scores, labels));
        JsonNode cells = expected.get("confusion");
        Metrics.Confusion confusion = new Metrics.Confusion(
                cells.get(0).longValue(),
                cells.get(1).longValue(),
                cells.get(2).longValue(),
                cells.get(3).longValue());
        assertThat(binary.confusion()).isEqualTo(confusion).isEqualTo(Metrics.confusion(scores, labels, 0.5));
        for (List<Metrics.CalibrationBin> bins :
                List.of(binary.calibration(), Metrics.calibration(scores, labels, 10))) {
            assertThat(bins).hasSize(10);
            for (int i = 0; i < 10; i++) {
                JsonNode curve = expected.get("calibration");
                assertThat(bins.get(i).meanScore())
                        .isCloseTo(curve.get(0).get(i).doubleValue(), within(1e-12));
                assertThat(bins.get(i).positiveShare())
                        .isCloseTo(curve.get(1).get(i).doubleValue(), within(1e-12));
            }
        }
    }

    @Test
    void whatCannotBeJudgedIsNamed() {
        assertThatThrownBy(() -> TableMetrics.binary(table(List.of()), "score", "label", 0.5, 10))
                .hasMessage("There are no rows to judge");
        Row good = RowFactory.create(0.5, 1);
        assertThatThrownBy(() -> TableMetrics.binary(table(List.of(good, good)), "score", "label", 0.5, 10))
                .hasMessage("All 2 labels in 'label' are 1: rows cannot be ranked by class");
        assertThatThrownBy(() -> TableMetrics.binary(
                        table(List.of(good, RowFactory.create(Double.NaN, 0))), "score", "label", 0.5, 10))
                .hasMessage("Of 2 rows, 1 of 'score' are null or no probability from 0 to 1");
        assertThatThrownBy(() ->
                        TableMetrics.binary(table(List.of(good, RowFactory.create(0.5, 2))), "score", "label", 0.5, 10))
                .hasMessage("Of 2 rows, 1 of 'label' are neither 0 nor 1");
        assertThatThrownBy(() -> TableMetrics.regression(table(List.of(RowFactory.create(null, 1))), "score", "label"))
                .hasMessage("Of 1 rows, 1 of 'score' or 'label' are null or NaN");
    }

    private static void close(JsonNode expected, String name, double table, double arrays) {
        assertThat(table).as(name).isCloseTo(expected.get(name).doubleValue(), within(1e-12));
        assertThat(arrays).as(name).isCloseTo(expected.get(name).doubleValue(), within(1e-12));
    }

    private static Dataset<Row> table(List<Row> rows) {
        return session.spark()
                .createDataFrame(
                        rows,
                        new StructType().add("score", DataTypes.DoubleType).add("label", DataTypes.IntegerType));
    }
}
