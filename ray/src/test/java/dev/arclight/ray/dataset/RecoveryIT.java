package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.engine.Arclight;
import dev.arclight.ray.RayTests;
import dev.arclight.testing.RayCluster;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node of two is killed: lost blocks are computed again where that was asked for, and named where it was not. */
@Tag("full")
@Tag("own-process")
final class RecoveryIT {
    private static final long ROWS = 1_000_000;

    @Test
    void onlyTheBlocksOfTheDeadNodeAreComputedAgain() {
        try (RayCluster cluster = twoNodes();
                Arclight arclight = ExchangeTests.builder(cluster, 2)
                        .spark("spark.arclight.ray.placement-strategy", "STRICT_SPREAD")
                        .start();
                PythonSide python = PythonSide.start(cluster)) {
            SparkSession spark = arclight.spark();
            RayTests.awaitWork(spark, 2);
            Exchange exchange = Exchange.of(arclight);
            exchange.put(
                    spark.range(0, ROWS, 1, 8).toDF("x"),
                    DatasetOptions.named("kept").withRecovery(StorageLevel.NONE()));
            exchange.put(spark.range(0, ROWS, 1, 8).toDF("x"), DatasetOptions.named("lost"));
            long there = python.number("ELSEWHERE", "places", "kept");
            assertThat(there).as("blocks on the node to be killed").isBetween(1L, 7L);
            cluster.killNode(1);
            assertThat(python.ask("sums", "kept")).contains("ANSWER 1000000 499999500000");
            assertThat(python.number("RECOMPUTED", "counts")).isEqualTo(there);
            assertThat(ExchangeTests.sum(spark, "kept")).isEqualTo(499999500000L);
            assertThatThrownBy(() -> ExchangeTests.sum(spark, "lost"))
                    .hasMessageContaining("of dataset 'lost' is lost with the node that held it");
        }
    }

    /** The second has an address of its own, or the driver might connect by way of it, and would be lost with it. */
    private static RayCluster twoNodes() {
        RayCluster cluster = RayCluster.start("ray-data", 2);
        cluster.addNode(2, "--node-ip-address=127.0.0.2");
        return cluster;
    }
}
