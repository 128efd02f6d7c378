package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.engine.Arclight;
import dev.arclight.ray.RayTests;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void aTableThreeTimesAsBigAsTheStoreGoesThroughThoughAnExecutorIsKilled() throws Exception {
        try (RayCluster cluster = RayCluster.start("ray-data", 4);
                PythonSide python = PythonSide.start(cluster);
                Arclight arclight = ExchangeTests.session(cluster, 2)) {
            SparkSession spark = arclight.spark();
            DatasetOptions options = DatasetOptions.named("big").withBlockBytes(8 << 20);
            CompletableFuture<RayDataset> putting = CompletableFuture.supplyAsync(
                    () -> Exchange.of(arclight).put(spark.range(ROWS).toDF("x"), options));
            // One that dies while little of the store is free is no proof that it is full.
            Await.until("the store filled", RayTests.PATIENCE, () -> python.number("USED", "used") > 60_000_000);
            cluster.workers().get(0).destroyForcibly();
            assertThat(putting).isNotDone();
            try (RayDataset big = putting.get(4, TimeUnit.MINUTES)) {
                assertThat(big.bytes()).isGreaterThan(300_000_000);
                assertThat(ExchangeTests.sum(spark, "big")).isEqualTo(SUM);
                assertThat(python.ask("sums", "big")).contains("ANSWER %d %d".formatted(ROWS, SUM));
            }
        }
    }

    @Test
    @Tag("unproven") // the memory came back in one run, and not within two minutes in another
    void aFullStoreIsOneSentenceAndLeavesNothing() {
        String noDisk = "--system-config={\"automatic_object_spilling_enabled\":false,"
                + "\"local_fs_capacity_threshold\":0.0001,\"oom_grace_period_s\":1}";
        try (RayCluster cluster = RayCluster.start("ray-data", List.of(noDisk), 4);
                PythonSide python = PythonSide.start(cluster);
                Arclight arclight = ExchangeTests.session(cluster, 2)) {
            SparkSession spark = arclight.spark();
            Exchange exchange = Exchange.of(arclight);
            exchange.put(spark.range(10).toDF("x"), DatasetOptions.named("small"));
            long before = ExchangeTests.atRest(python);
            DatasetOptions options = DatasetOptions.named("big").withBlockBytes(8 << 20);
            assertThatThrownBy(() -> exchange.put(spark.range(ROWS).toDF("x"), options))
                    .hasMessageContaining("did not get into Ray's object store")
                    .hasMessageContaining("the store is taken for full");
            assertThat(exchange.names()).containsExactly("small");
            Await.until("the memory back", RayTests.PATIENCE, () -> python.number("USED", "used") <= before);
            assertThat(ExchangeTests.sum(spark, "small")).isEqualTo(45);
            exchange.put(spark.range(100_000).toDF("x"), DatasetOptions.named("next"));
            assertThat(ExchangeTests.sum(spark, "next")).isEqualTo(4999950000L);
        }
    }
}
