package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.ray.link.RayInstallation;
import dev.arclight.testing.Await;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.testing.RayCluster;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole drivers as processes: how they start, how they are refused, how they are killed. */
@Tag("full")
final class DriverIT {
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
    void sparksOwnBuilderKnowsTheMaster() {
        Processes.Finished finished = DriverJvm.run(
                cluster.environment(),
                Query.class,
                "plain",
                "ray",
                "spark.executor.instances=1",
                "spark.executor.memory=600m");
        assertThat(finished.output()).as(finished.errors()).contains("ANSWER 499500");
        assertThat(finished.output().lines())
                .as("nothing but the answer on standard output")
                .hasSize(1);
    }

    @Test
    void executorsOfAKilledDriverEnd(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process driver = DriverJvm.start(
                cluster.environment(),
                log,
                Query.class,
                "api",
                "ray",
                "spark.executor.instances=2",
                "spark.executor.memory=500m",
                "wait");
        try {
            Await.until(
                    "an answer",
                    Duration.ofMinutes(3),
                    () -> DriverJvm.said(log).contains("ANSWER 499500"));
            Await.until(
                    "two executors", RayTests.PATIENCE, () -> cluster.workers().size() == 2);
        } finally {
            driver.destroyForcibly().waitFor();
        }
        Await.until(
                "no executor left", RayTests.PATIENCE, () -> cluster.workers().isEmpty());
    }

    @Test
    void whatFitsNoNodeIsRefusedInOneSentence() {
        assertThat(refusal("api", "ray", "spark.executor.cores=8", "spark.executor.memory=300g"))
                .contains("an executor needs 8 CPU, 330 GiB; the largest node has 2 CPU,");
    }

    @Test
    void aGpuWhereThereIsNoneIsRefusedInOneSentence() {
        assertThat(refusal(
                        "api",
                        "ray",
                        "spark.executor.memory=500m",
                        "spark.executor.resource.gpu.amount=1",
                        "spark.task.resource.gpu.amount=1"))
                .contains("1 GPU; the largest node has 2 CPU,")
                .contains("0 GPU");
    }

    @Test
    void wrongSettingsAreRefusedByName() {
        Map<List<String>, String> refusals = Map.of(
                List.of("ray", "spark.arclight.ray.placement-strategy=SCATTER"),
                "spark.arclight.ray.placement-strategy is 'SCATTER': expected PACK, SPREAD, STRICT_PACK or STRICT_SPREAD",
                List.of("ray", "spark.arclight.ray.placement-group=nowhere"),
                "The cluster has no placement group 'nowhere'");
        refusals.forEach((arguments, sentence) -> {
            List<String> all = new ArrayList<>(List.of("api"));
            all.addAll(arguments);
            assertThat(refusal(all.toArray(String[]::new))).contains(sentence);
        });
    }

    @Test
    void missingAndWrongTokensAreExplained() {
        Map<String, String> missing = new HashMap<>(cluster.environment());
        missing.put("RAY_AUTH_TOKEN_PATH", "/nonexistent");
        assertThat(refusal(missing, "api", "ray")).contains("FORBIDDEN RAY_AUTH_MODE is token, but there is no token");
        Map<String, String> wrong = new HashMap<>(cluster.environment());
        wrong.put("RAY_AUTH_TOKEN", "0123456789abcdef0123456789abcdef");
        assertThat(refusal(wrong, "api", "ray"))
                .contains("FORBIDDEN The Ray cluster at " + cluster.address() + " refuses our token");
    }

    @Test
    void aRayOfAnotherVersionIsNamed() {
        Map<String, String> other = new HashMap<>(cluster.environment());
        Path environment = PythonEnvironment.open("ray-year-old")
                .program("ray")
                .resolve("../..")
                .normalize();
        RayInstallation older = RayInstallation.find(
                        Map.of("VIRTUAL_ENV", environment.toString()), Path.of("/nonexistent"))
                .orElseThrow();
        other.put("ARCLIGHT_RAY_JAR", older.jar().toString());
        assertThat(refusal(other, "api", "ray")).contains("Ray 2.60.0").contains("Ray 2.50.1");
    }

    @Test
    void whereNobodyOrSomebodyElseListensIsToldWithin30Seconds() throws Exception {
        try (ServerSocket mute = new ServerSocket(0)) {
            assertThat(refusal("api", "ray:127.0.0.1:" + mute.getLocalPort()))
                    .contains("UNAVAILABLE Something listens at")
                    .contains("does not answer as Ray's GCS");
        }
        assertThat(refusal("api", "ray:127.0.0.1:1")).contains("UNAVAILABLE Nobody answers at 127.0.0.1:1");
    }

    private static String refusal(String... arguments) {
        return refusal(cluster.environment(), arguments);
    }

    private static String refusal(Map<String, String> environment, String... arguments) {
        long began = System.nanoTime();
        Processes.Finished finished = DriverJvm.run(environment, Query.class, arguments);
        String refused = finished.output()
                .lines()
                .filter(line -> line.startsWith("REFUSED"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(finished.output() + finished.errors()));
        // 30 s for us, and a slow or busy machine's time to start a JVM and a Spark session.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(75));
        return refused;
    }
}
