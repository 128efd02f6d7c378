package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Arclight;
import dev.arclight.testing.RayCluster;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What outlives whom: datasets their executors, and their session where they are detached. */
@Tag("full")
@Tag("own-process")
final class SurvivalIT {
    private static final String ALL = "ANSWER 50000 1249975000";
    private static final long SUM = 1249975000L;

    @Test
    void datasetsOutliveTheirExecutorsAndDetachedOnesTheirSession() {
        try (RayCluster cluster = RayCluster.start("ray-data", 4);
                PythonSide python = PythonSide.start(cluster)) {
            RayDataset ended;
            try (Arclight arclight = ExchangeTests.session(cluster, 2)) {
                SparkSession spark = arclight.spark();
                Dataset<Row> table = spark.range(0, 50_000, 1, 4).toDF("x").cache();
                table.write().format("ray").save("survivor");
                cluster.workers().forEach(ProcessHandle::destroyForcibly);
                assertThat(python.ask("sums", "survivor")).contains(ALL);
                assertThat(ExchangeTests.sum(spark, "survivor")).isEqualTo(SUM);
                table.write().format("ray").save("same-again");
                spark.range(10).toDF("x").write().format("ray").save("another");
                assertThat(ExchangeTests.sum(spark, "same-again")).isEqualTo(SUM);
                assertThat(ExchangeTests.sum(spark, "another")).isEqualTo(45);
                cluster.workers().forEach(ProcessHandle::destroyForcibly);
                ended = Exchange.of(arclight).put(table, DatasetOptions.named("of-the-driver"));
            }
            assertThat(python.ask("sums", "survivor")).contains(ALL);
            assertThat(python.ask("unknown", "of-the-driver")).hasSize(1);
            try (Arclight next = ExchangeTests.session(cluster, 1)) {
                assertThat(ExchangeTests.sum(next.spark(), "survivor")).isEqualTo(SUM);
                assertThat(Exchange.of(next).names()).containsExactly("another", "same-again", "survivor");
                assertThatThrownBy(() -> ended.read(next.spark()).count())
                        .isInstanceOfSatisfying(
                                ArclightException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE));
            }
        }
    }
}
