package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Await;
import dev.arclight.testing.Processes;
import dev.arclight.testing.RayCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications in jars, submitted from processes that come and go. */
@Tag("full")
final class SubmitIT {
    @TempDir
    private static Path folder;

    private static RayCluster cluster;
    private static Path jar;

    @TempDir
    private Path state;

    private Map<String, String> environment;

    @BeforeAll
    static void start() throws Exception {
        jar = ApplicationJar.compile(folder);
        cluster = RayCluster.start("ray-newest", 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void ownState() {
        environment = new HashMap<>(cluster.environment());
        environment.put("XDG_STATE_HOME", state.toString());
    }

    @Test
    void aDriverOnTheClusterOutlivesItsSubmitterAndIsFoundAgain() {
        Processes.Finished submitted = run("submit", "ray", "cluster", jar.toString(), "x y", "--z");
        assertThat(submitted.output()).as(submitted.errors()).contains("SUBMITTED job-");
        assertThat(submitted.errors()).contains("Shipping 1 jar(s), 0.0 MB");
        Processes.Finished followed = run("logs", "follow");
        assertThat(followed.output())
                .as(followed.errors())
                .contains("ARGUMENTS [x y, --z]")
                .contains(ApplicationJar.ANSWER)
                .contains("SECURE true")
                .contains("SparkContext");
        assertThat(followed.output().lines().filter(line -> line.contains(" SparkContext ")))
                .isNotEmpty()
                .allMatch(line -> line.matches(RayTests.LOG_LINE));
        assertThat(run("status").output()).contains("STATUS SUCCEEDED");
        Await.until("no JVM left", RayTests.PATIENCE, () -> cluster.workers().isEmpty());
        assertThat(run("logs").output()).as("kept in the state folder").isEqualTo(followed.output());
    }

    @Test
    void aFailingApplicationTellsWhy() {
        assertThat(run("submit", "ray", "cluster", jar.toString(), "fail").output())
                .contains("SUBMITTED");
        run("logs", "follow");
        assertThat(run("status").output()).contains("STATUS FAILED java.lang.IllegalStateException: as asked");
        assertThat(run("logs").output()).contains("at Words.main(Words.java");
    }

    @Test
    void anApplicationThatCallsExitEndsByItsExitCodeAndKeepsItsLog() {
        run("submit", "ray", "cluster", jar.toString(), "exit", "3");
        assertThat(run("logs", "follow").output()).contains(ApplicationJar.ANSWER);
        assertThat(run("status").output()).contains("STATUS FAILED It called System.exit(3)");
        Await.until("no JVM left", RayTests.PATIENCE, () -> cluster.workers().isEmpty());
        run("submit", "ray", "cluster", jar.toString(), "exit", "0");
        run("logs", "follow");
        assertThat(run("status").output()).contains("STATUS SUCCEEDED");
    }

    @Test
    void aRunningJobIsStoppedWithItsExecutors() {
        assertThat(run("submit", "ray", "cluster", jar.toString(), "wait").output())
                .contains("SUBMITTED");
        Await.until(
                "its answer", Duration.ofMinutes(3), () -> run("logs").output().contains(ApplicationJar.ANSWER));
        assertThat(run("status").output()).contains("STATUS RUNNING");
        assertThat(run("stop").output()).contains("STATUS STOPPED");
        Await.until("no JVM left", RayTests.PATIENCE, () -> cluster.workers().isEmpty());
        assertThat(run("logs").output()).contains(ApplicationJar.ANSWER);
    }

    @Test
    void inClientModeTheApplicationRunsHereAndItsClassesReachTheExecutors() {
        Processes.Finished finished = run("submit", "ray", "client", jar.toString(), "x");
        assertThat(finished.output())
                .as(finished.errors())
                .contains(ApplicationJar.ANSWER)
                .contains("SECURE true");
        assertThat(finished.errors()).contains("Executors fetch the application's 1 jar(s), 0.0 MB, from this driver");
        assertThat(run("status").output()).contains("STATUS SUCCEEDED");
    }

    @Test
    void theProgramForPeopleWhoComeFromRaydpRuns(@TempDir Path own) throws Exception {
        Path program = ApplicationJar.compile(own, "FromRaydp", FromRaydpTest.program());
        Processes.Finished finished = run("submit", "ray", "client", program.toString());
        assertThat(finished.output()).as(finished.errors()).contains("ANSWER 499500");
    }

    private Processes.Finished run(String... arguments) {
        return DriverJvm.run(environment, Submission.class, arguments);
    }
}
