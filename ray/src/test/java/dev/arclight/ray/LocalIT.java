package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.AtomicFiles;
import dev.arclight.testing.Await;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ray:local}: a cluster that is there for the session alone. */
@Tag("full")
final class LocalIT {
    /** Drivers put their clusters here, so that it is on the command lines of all processes of these clusters. */
    private static Path folder;

    @BeforeAll
    static void make() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "lc");
    }

    @AfterAll
    static void remove() throws IOException {
        AtomicFiles.deleteTree(folder);
    }

    @Test
    void aClusterIsStartedForTheSessionAndStoppedWithIt() {
        Processes.Finished finished =
                DriverJvm.run(environment("ray-newest"), Query.class, "api", "ray:local", "spark.executor.instances=1");
        assertThat(finished.output()).as(finished.errors()).contains("ANSWER 499500");
        assertThat(left()).isEmpty();
    }

    @Test
    void aRayOfAYearAgoWorksToo() {
        Processes.Finished finished = DriverJvm.run(
                environment("ray-year-old"), Query.class, "api", "ray:local", "spark.executor.instances=2");
        assertThat(finished.output()).as(finished.errors()).contains("ANSWER 499500");
        assertThat(left()).isEmpty();
    }

    @Test
    void theClusterEndsEvenIfItsOwnerIsKilled(@TempDir Path logs) throws Exception {
        Path log = logs.resolve("log");
        Process driver = DriverJvm.start(
                environment("ray-newest"), log, Query.class, "api", "ray:local", "spark.executor.instances=1", "wait");
        Await.until(
                "an answer", Duration.ofMinutes(3), () -> DriverJvm.said(log).contains("ANSWER"));
        assertThat(left()).isNotEmpty();
        driver.destroyForcibly().waitFor();
        Await.until("no process of the cluster", RayTests.PATIENCE, () -> left().isEmpty());
    }

    private static List<String> left() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(folder + "/al-"))
                .toList();
    }

    private static Map<String, String> environment(String pins) {
        return Map.of(
                "ARCLIGHT_RAY_JAR",
                PythonEnvironment.open(pins)
                        .python()
                        .resolve("../../lib/python" + version(pins) + "/site-packages/ray")
                        .normalize()
                        .toString(),
                "RAY_AUTH_TOKEN_PATH",
                "",
                "JAVA_TOOL_OPTIONS",
                "-Djava.io.tmpdir=" + folder);
    }

    private static String version(String pins) {
        return PythonEnvironment.open(pins)
                .run(Duration.ofSeconds(30), "-c", "import sys; print('%d.%d' % sys.version_info[:2], end='')");
    }
}
