package dev.arclight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.standalone.StandaloneCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real master whose worker is too small: "initial job has not accepted any resources" in words. */
@Tag("full")
final class MasterWatchIT {
    @Test
    void whatWasAskedForAndWhatThereIsAreSaid(@TempDir Path state) throws Exception {
        Map<String, String> environment = Map.of("XDG_STATE_HOME", state.toString());
        StandaloneCluster cluster = StandaloneCluster.start(environment, 1, 1, 600);
        try (Arclight arclight = Arclight.builder("too-large")
                .master(cluster.master())
                .spark("spark.executor.memory", "3g")
                .spark("spark.executor.cores", "2")
                .start()) {
            assertThat(MasterWatch.diagnosis(
                            arclight.spark().sparkContext(), arclight.master(), Duration.ofSeconds(15), environment))
                    .contains("No executor from " + cluster.master() + " after 15 s")
                    .contains("each asks for 2 cores and 3g of memory")
                    .contains("1 workers have 1 cores, 0 of them taken, and 600 MB of memory, 0 of them taken");
        } finally {
            cluster.stop(environment);
        }
    }
}
