package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.exchange.Block;
import dev.arclight.testing.Processes;
import dev.arclight.testing.RayCluster;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The exchange where something else is other than in {@link ExchangeIT}: an older Ray, a driver in Python. */
@Tag("full")
@Tag("own-process")
final class OtherVersionsIT {
    @Test
    void aYearOldRayTakesAndGivesDatasets() {
        try (RayCluster cluster = RayCluster.start("ray-data-year-old", 4);
                PythonSide python = PythonSide.start(cluster);
                Arclight arclight = ExchangeTests.session(cluster, 1)) {
            SparkSession spark = arclight.spark();
            ExchangeTests.saveNumbers(spark);
            assertThat(python.ask("sums", "numbers")).contains("ANSWER 100000 4999950000");
            python.ask("double", "numbers", "doubled");
            assertThat(ExchangeTests.sum(spark, "doubled")).isEqualTo(2 * 4999950000L);
            python.ask("tensors", "tensors");
            assertThat(spark.read()
                            .format("ray")
                            .load("tensors")
                            .schema()
                            .apply("ray")
                            .dataType()
                            .simpleString())
                    .isEqualTo("array<array<smallint>>");
        }
    }

    @Test
    void pySparkWritesReadsAndAsksInSql() throws URISyntaxException {
        try (RayCluster cluster = RayCluster.start("ray-pyspark", 2)) {
            Map<String, String> environment = new HashMap<>(cluster.environment());
            String python = cluster.python().python().toString();
            environment.put("PYSPARK_PYTHON", python);
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            Path script = Path.of(Objects.requireNonNull(getClass().getResource("/python/pyspark_exchange.py"))
                    .toURI());
            String classes = Stream.of(Exchange.class, Block.class, Master.class, ArclightException.class)
                    .map(ours -> ours.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .collect(Collectors.joining(File.pathSeparator));
            String said = Processes.run(
                    Duration.ofMinutes(3),
                    environment,
                    List.of(python, script.toString(), "spark-ray:" + cluster.address(), classes));
            // 3, 10, ... 997.
            assertThat(said.lines())
                    .contains("READ 71500", "SQL 1000")
                    .anyMatch(line -> line.startsWith("UNKNOWN") && line.contains("did you mean 'by-pyspark'?"));
        }
    }
}
