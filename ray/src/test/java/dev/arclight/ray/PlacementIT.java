package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Processes;
import dev.arclight.testing.RayCluster;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Parts of CPUs, existing placement groups, several applications on one cluster, scaling by hand. */
@Tag("full")
final class PlacementIT {
    private static final String GROUP = """
            import ray
            ray.init(address="%s", namespace="placement", logging_level="ERROR", log_to_driver=False)
            group = ray.util.placement_group([{"CPU": 0.5, "memory": 1e9}] * 2, name="mine", lifetime="detached")
            assert group.wait(60)
            """;
    /** What it reserves would be missed by whoever comes next. */
    private static final String REMOVE = """
            import ray
            ray.init(address="%s", namespace="placement", logging_level="ERROR", log_to_driver=False)
            ray.util.remove_placement_group(ray.util.get_placement_group("mine"))
            """;

    private static RayCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-newest", 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void partsOfCpusLetTwoApplicationsShareTwoCpusAndOneScalesByHand() {
        Map<String, String> small = Map.of(
                "spark.arclight.ray.executor-cpus", "0.4",
                "spark.executor.instances", "2",
                "spark.executor.memory", "500m");
        try (Arclight arclight = RayTests.session(cluster, small)) {
            SparkSession spark = arclight.spark();
            RayTests.awaitExecutors(spark, 2);
            Processes.Finished other = DriverJvm.run(
                    cluster.environment(),
                    Query.class,
                    "api",
                    "ray",
                    "spark.arclight.ray.executor-cpus=0.4",
                    "spark.executor.instances=1",
                    "spark.executor.memory=500m");
            assertThat(other.output()).as(other.errors()).contains("ANSWER 499500");
            assertThat(spark.range(1000).count()).isEqualTo(1000);
            assertThat(spark.sparkContext().requestExecutors(1)).isTrue();
            RayTests.awaitExecutors(spark, 3);
            assertThat(spark.sparkContext().killExecutor("0")).isTrue();
            RayTests.awaitExecutors(spark, 2);
            assertThat(spark.range(1000).count()).isEqualTo(1000);
        }
    }

    @Test
    void bundlesOfAnExistingGroupAreUsedAndOneThatIsNotThereIsRefused() {
        python(GROUP);
        String[] arguments = {
            "api",
            "ray",
            "spark.arclight.ray.placement-group=mine",
            "spark.arclight.ray.executor-cpus=0.5",
            "spark.executor.instances=1",
            "spark.executor.memory=500m",
            "spark.arclight.ray.placement-bundles=1"
        };
        try {
            Processes.Finished used = DriverJvm.run(cluster.environment(), Query.class, arguments);
            assertThat(used.output()).as(used.errors()).contains("ANSWER 499500");
            arguments[arguments.length - 1] = "spark.arclight.ray.placement-bundles=2";
            assertThat(DriverJvm.run(cluster.environment(), Query.class, arguments)
                            .output())
                    .contains("placement-bundles names bundle 2, but placement group 'mine' has bundles 0 to 1");
        } finally {
            python(REMOVE);
        }
    }

    private static void python(String program) {
        Processes.run(
                RayTests.PATIENCE,
                cluster.environment(),
                List.of(cluster.python().python().toString(), "-c", program.formatted(cluster.address())));
    }
}
