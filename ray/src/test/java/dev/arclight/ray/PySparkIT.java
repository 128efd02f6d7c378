package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Master;
import dev.arclight.testing.Processes;
import dev.arclight.testing.RayCluster;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PySpark knows the master where our jars are on the driver's class path; Ray's jar it need not know. */
@Tag("full")
final class PySparkIT {
    private static RayCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-pyspark", 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aUdfRunsInPythonWorkersOfExecutorsOnRay() throws Exception {
        // The sum of twice 0 to 999.
        assertThat(run("udf.py")).contains("ANSWER 999000");
    }

    /** Hive's jars are on the driver's class path (PySpark's wheel has them), so on the executors'. */
    @Test
    void tablesOfHivesCatalogueAreWrittenAndReadByExecutors(@TempDir Path folder) throws Exception {
        assertThat(run("hive.py", folder.toString())).contains("ANSWER 499500").contains("PROVIDER hive");
    }

    private static String run(String script, String... further) throws Exception {
        Map<String, String> environment = new HashMap<>(cluster.environment());
        String python = cluster.python().python().toString();
        environment.put("PYSPARK_PYTHON", python);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Path path = Path.of(Objects.requireNonNull(PySparkIT.class.getResource("/python/" + script))
                .toURI());
        String classes = Stream.of(RaySession.class, Master.class, ArclightException.class)
                .map(ours ->
                        ours.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command =
                new ArrayList<>(List.of(python, path.toString(), "spark-ray:" + cluster.address(), classes));
        command.addAll(List.of(further));
        return Processes.run(Duration.ofMinutes(4), environment, command);
    }
}
