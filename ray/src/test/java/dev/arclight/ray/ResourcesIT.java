package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.RayCluster;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What tasks see of Ray's resources, and on which nodes executors are. The second node has two GPUs, says Ray. */
@Tag("full")
final class ResourcesIT {
    private static final String SECOND = "127.0.0.2";

    private static RayCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-newest", 2);
        cluster.addNode(2, "--node-ip-address=" + SECOND, "--num-gpus=2", "--resources={\"antenna\": 4}");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void tasksSeeTheGpusAndOtherResourcesOfTheirExecutor() {
        try (Arclight arclight = RayTests.session(
                cluster,
                Map.of(
                        "spark.executor.instances", "1",
                        "spark.executor.cores", "2",
                        "spark.executor.memory", "500m",
                        "spark.executor.resource.gpu.amount", "2",
                        "spark.task.resource.gpu.amount", "1",
                        "spark.executor.resource.antenna.amount", "3",
                        "spark.task.resource.antenna.amount", "1"))) {
            List<String> seen = numbers(arclight)
                    .mapPartitions(
                            rows -> List.of(here("gpu") + " " + here("antenna")).iterator())
                    .collect();
            assertThat(seen)
                    .allSatisfy(one -> assertThat(one)
                            .matches(SECOND.replace(".", "\\.") + " gpu \\[[01]] " + SECOND.replace(".", "\\.")
                                    + " antenna \\[[012]]"));
        }
    }

    /** At most one executor of each profile: those that hold the shuffle's data would leave no CPU beside the GPUs. */
    @Test
    void aStageGetsExecutorsOfItsOwnProfile() {
        try (Arclight arclight = RayTests.session(
                cluster,
                Map.of(
                        "spark.dynamicAllocation.enabled", "true",
                        "spark.dynamicAllocation.maxExecutors", "1",
                        "spark.executor.memory", "500m"))) {
            ResourceProfile withGpu = new ResourceProfileBuilder()
                    .require(new ExecutorResourceRequests()
                            .cores(1)
                            .memory("500m")
                            .resource("gpu", 1, "", ""))
                    .require(new TaskResourceRequests().cpus(1).resource("gpu", 1))
                    .build();
            JavaRDD<Integer> plain = numbers(arclight);
            assertThat(plain.count()).isEqualTo(8);
            List<String> seen = plain.repartition(2)
                    .withResources(withGpu)
                    .mapPartitions(rows -> List.of(here("gpu")).iterator())
                    .collect();
            assertThat(seen).hasSize(2).allSatisfy(one -> assertThat(one).startsWith(SECOND + " gpu ["));
        }
    }

    @Test
    void executorsGoToTheNodesThatAreNamed() {
        try (Arclight arclight = RayTests.session(
                cluster,
                Map.of(
                        "spark.executor.instances", "2",
                        "spark.executor.memory", "500m",
                        "spark.arclight.ray.nodes", SECOND))) {
            RayTests.awaitExecutors(arclight.spark(), 2);
            List<String> seen = numbers(arclight)
                    .mapPartitions(rows -> List.of(SparkEnv.get()
                                    .blockManager()
                                    .blockManagerId()
                                    .host())
                            .iterator())
                    .collect();
            assertThat(seen).containsOnly(SECOND);
        }
    }

    private static JavaRDD<Integer> numbers(Arclight arclight) {
        return JavaSparkContext.fromSparkContext(arclight.spark().sparkContext())
                .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 4);
    }

    /** Host, name and addresses of a resource, in a task. */
    private static String here(String resource) {
        return "%s %s %s"
                .formatted(
                        SparkEnv.get().blockManager().blockManagerId().host(),
                        resource,
                        Arrays.toString(Objects.requireNonNull(
                                        TaskContext.get().resourcesJMap().get(resource))
                                .addresses()));
    }
}
