package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The head of a cluster goes, and comes back as another. */
@Tag("full")
final class HeadIT {
    private static final String[] SESSION = {
        "api", "ray", "spark.executor.instances=1", "spark.executor.memory=500m", "spark.arclight.ray.head-timeout=10s"
    };

    /** Without the watch the job waits until Ray ends the process without a word. */
    @Test
    void jobsFailWithAReasonAndTheNextSessionWorksOnceTheHeadIsBack(@TempDir Path folder) throws Exception {
        Path log = Files.createFile(folder.resolve("log"));
        try (RayCluster cluster = RayCluster.start("ray-newest", 2)) {
            String[] again = Arrays.copyOf(SESSION, SESSION.length + 1);
            again[SESSION.length] = "again";
            Process driver = DriverJvm.start(cluster.environment(), log, Query.class, again);
            try {
                Await.until(
                        "an answer",
                        RayTests.PATIENCE,
                        () -> DriverJvm.said(log).contains("ANSWER 499500"));
                cluster.killNode(0);
                assertThat(driver.waitFor(100, TimeUnit.SECONDS))
                        .as("the driver ends: %s", DriverJvm.said(log))
                        .isTrue();
            } finally {
                driver.destroyForcibly().waitFor();
            }
            assertThat(DriverJvm.said(log))
                    .contains("REFUSED job")
                    .contains("the head of the Ray cluster, " + cluster.address() + ", has not answered for 1");
            assertThat(cluster.workers()).isEmpty();
            cluster.restart(2);
            assertThat(DriverJvm.run(cluster.environment(), Query.class, SESSION)
                            .output())
                    .contains("ANSWER 499500");
        }
    }
}
