package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Master;
import dev.arclight.testing.Processes;
import dev.arclight.testing.RayCluster;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PySpark knows the master where our jars are on the driver's class path; Ray's jar it need not know. */
@Tag("full")
final class PySparkIT {
    @Test
    void aUdfRunsInPythonWorkersOfExecutorsOnRay() throws Exception {
        try (RayCluster cluster = RayCluster.start("ray-pyspark", 2)) {
            Map<String, String> environment = new HashMap<>(cluster.environment());
            String python = cluster.python().python().toString();
            environment.put("PYSPARK_PYTHON", python);
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            Path script = Path.of(Objects.requireNonNull(PySparkIT.class.getResource("/python/udf.py"))
                    .toURI());
            String classes = Stream.of(RaySession.class, Master.class, ArclightException.class)
                    .map(ours -> ours.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .collect(Collectors.joining(File.pathSeparator));
            String said = Processes.run(
                    Duration.ofMinutes(4),
                    environment,
                    List.of(python, script.toString(), "spark-ray:" + cluster.address(), classes));
            // The sum of twice 0 to 999.
            assertThat(said).contains("ANSWER 999000");
        }
    }
}
