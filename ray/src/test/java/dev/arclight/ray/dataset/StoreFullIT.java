package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A table that is bigger than the store, where Ray may write to disk and where it may not: the one goes through, the
 * other is one sentence and leaves nothing.
 */
@Tag("full")
@Tag("own-process")
final class StoreFullIT {
    /** Of the cluster's store of 100 MB, three times. */
    private static final long ROWS = 38_000_000;

    private static final long SUM = ROWS * (ROWS - 1) / 2;

    @Test
    void aTableThreeTimesAsBigAsTheStoreGoesThrough() {
        try (RayCluster cluster = RayCluster.start("ray-data", 4);
                PythonSide python = PythonSide.start(cluster);
                Arclight arclight = ExchangeTests.session(cluster, 2)) {
            SparkSession spark = arclight.spark();
            DatasetOptions options = DatasetOptions.named("big").withBlockBytes(8 << 20);
            try (RayDataset big = Exchange.of(arclight).put(spark.range(ROWS).toDF("x"), options)) {
                assertThat(big.bytes()).isGreaterThan(300_000_000);
                assertThat(ExchangeTests.sum(spark, "big")).isEqualTo(SUM);
                assertThat(python.ask("sums", "big")).contains("ANSWER %d %d".formatted(ROWS, SUM));
            }
        }
    }

    @Test
    @Tag("unproven") // the sentence was seen, what comes after it was not
    void aFullStoreIsOneSentenceAndLeavesNothing() {
        String noDisk = "--system-config={\"automatic_object_spilling_enabled\":false,"
                + "\"local_fs_capacity_threshold\":0.0001,\"oom_grace_period_s\":1}";
        try (RayCluster cluster = RayCluster.start("ray-data", List.of(noDisk), 4);
                PythonSide python = PythonSide.start(cluster);
                Arclight arclight = ExchangeTests.session(cluster, 2)) {
            SparkSession spark = arclight.spark();
            Exchange exchange = Exchange.of(arclight);
            exchange.put(spark.range(10).toDF("x"), DatasetOptions.named("small"));
            long before = python.number("USED", "used");
            DatasetOptions options = DatasetOptions.named("big").withBlockBytes(8 << 20);
            assertThatThrownBy(() -> exchange.put(spark.range(ROWS).toDF("x"), options))
                    .hasMessageContaining("did not get into Ray's object store")
                    .hasMessageContaining("full");
            assertThat(exchange.names()).containsExactly("small");
            Await.until("the memory back", Duration.ofSeconds(30), () -> python.number("USED", "used") <= before);
            assertThat(ExchangeTests.sum(spark, "small")).isEqualTo(45);
            exchange.put(spark.range(100_000).toDF("x"), DatasetOptions.named("next"));
            assertThat(ExchangeTests.sum(spark, "next")).isEqualTo(4999950000L);
        }
    }
}
