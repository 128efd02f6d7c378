package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.time.Duration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node of two is killed: lost blocks are computed again where that was asked for, and named where it was not. */
@Tag("unproven")
final class RecoveryIT {
    private static final long ROWS = 1_000_000;

    @Test
    void onlyTheBlocksOfTheDeadNodeAreComputedAgain() {
        try (RayCluster cluster = RayCluster.start("ray-data", 2, 2);
                Arclight arclight = ExchangeTests.builder(cluster, 2)
                        .spark("spark.arclight.ray.placement-strategy", "STRICT_SPREAD")
                        .start()) {
            SparkSession spark = arclight.spark();
            Await.until(
                    "two executors",
                    Duration.ofSeconds(90),
                    () -> cluster.workers().size() == 2
                            && spark.sparkContext().statusTracker().getExecutorInfos().length == 3);
            Exchange exchange = Exchange.of(arclight);
            exchange.put(
                    spark.range(0, ROWS, 1, 8).toDF("x"),
                    DatasetOptions.named("kept").withRecovery(StorageLevel.NONE()));
            exchange.put(spark.range(0, ROWS, 1, 8).toDF("x"), DatasetOptions.named("lost"));
            String before = ExchangeTests.python(cluster, "exchange.py", "places", "kept");
            int there = Integer.parseInt(before.lines()
                    .filter(line -> line.startsWith("ELSEWHERE"))
                    .findFirst()
                    .orElseThrow()
                    .substring(10));
            assertThat(there).as("blocks on the node to be killed").isBetween(1, 7);
            cluster.killNode(1);
            assertThat(ExchangeTests.python(cluster, "exchange.py", "sums", "kept"))
                    .contains("ANSWER 1000000 499999500000");
            assertThat(ExchangeTests.python(cluster, "exchange.py", "counts")).contains("RECOMPUTED " + there);
            assertThat(spark.read()
                            .format("ray")
                            .load("kept")
                            .selectExpr("sum(x)")
                            .first()
                            .getLong(0))
                    .isEqualTo(499999500000L);
            assertThatThrownBy(() -> spark.read()
                            .format("ray")
                            .load("lost")
                            .selectExpr("sum(x)")
                            .first())
                    .hasMessageContaining("of dataset 'lost' is lost with the node that held it");
        }
    }
}
