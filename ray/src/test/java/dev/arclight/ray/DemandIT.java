package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Executors that come and go with the work, and where they run. */
@Tag("full")
final class DemandIT {
    private static RayCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-newest", 3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void allocationWithoutAMaximumReachesTheDemandAndReturnsToNone() {
        try (Arclight arclight = RayTests.session(
                cluster,
                Map.of(
                        "spark.dynamicAllocation.enabled", "true",
                        "spark.dynamicAllocation.executorIdleTimeout", "2s",
                        "spark.dynamicAllocation.shuffleTracking.timeout", "2s",
                        "spark.executor.memory", "500m"))) {
            var spark = arclight.spark();
            assertThat(cluster.workers()).isEmpty();
            // Without an end: it must not be done before the third executor has started.
            Thread work =
                    new Thread(() -> spark.sql("select sum(xxhash64(id) % 7) from range(0, 9000000000000000000, 1, 30)")
                            .first());
            work.setDaemon(true);
            work.start();
            RayTests.awaitExecutors(spark, 3);
            // Ray may keep idle JVMs that it began for demand since withdrawn, so we look at these processes.
            List<ProcessHandle> executors = cluster.workers();
            spark.sparkContext().cancelAllJobs();
            RayTests.awaitExecutors(spark, 0);
            Await.until(
                    "the end of their processes",
                    RayTests.PATIENCE,
                    () -> executors.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(spark.range(10).count()).isEqualTo(10);
        }
    }

    @Test
    void aPlacementGroupIsMadeAndRemovedAndAStrictOneThatCannotBeIsRefused() {
        Map<String, String> pack = Map.of(
                "spark.arclight.ray.placement-strategy", "STRICT_PACK",
                "spark.executor.instances", "2",
                "spark.executor.memory", "500m");
        try (Arclight arclight = RayTests.session(cluster, pack)) {
            RayTests.awaitExecutors(arclight.spark(), 2);
            assertThat(arclight.spark().range(100).count()).isEqualTo(100);
        }
        Await.until("no executor", RayTests.PATIENCE, () -> cluster.workers().isEmpty());
        assertThat(catchThrowable(() -> RayTests.session(
                                cluster,
                                Map.of(
                                        "spark.arclight.ray.placement-strategy", "STRICT_SPREAD",
                                        "spark.executor.instances", "2",
                                        "spark.executor.memory", "500m"))
                        .close()))
                .hasMessageContaining("No room for 2 executors placed STRICT_SPREAD")
                .hasMessageContaining("the cluster has 1 nodes");
    }
}
