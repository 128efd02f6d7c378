package dev.arclight.ray.dataset;

import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import dev.arclight.testing.RayCluster;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What tests of the exchange share. */
final class ExchangeTests {
    private ExchangeTests() {}

    static Arclight session(RayCluster cluster, int executors) {
        return builder(cluster, executors).start();
    }

    static Arclight.Builder builder(RayCluster cluster, int executors) {
        return Arclight.builder("exchange")
                .master(Master.of("ray:" + cluster.address()))
                .spark("spark.sql.shuffle.partitions", "2")
                .spark("spark.executor.instances", String.valueOf(executors))
                .spark("spark.executor.memory", "700m")
                .spark("spark.sql.timeType.enabled", "true")
                .spark("spark.arclight.ray.jar", cluster.jar().toString())
                .spark("spark.arclight.ray.token-file", cluster.tokenFile().toString());
    }

    /** Runs a script of {@code src/test/resources/python} on the cluster with our package; what it printed. */
    static String python(RayCluster cluster, String script, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    cluster.python().python().toString(),
                    Path.of(Objects.requireNonNull(ExchangeTests.class.getResource("/python/" + script))
                                    .toURI())
                            .toString()));
            command.addAll(List.of(arguments));
            Map<String, String> environment = new HashMap<>(cluster.environment());
            environment.put("PYTHONPATH", Needs.root().resolve("python/src").toString());
            environment.put("PYTHONDONTWRITEBYTECODE", "1");
            environment.put("RAY_DATA_DISABLE_PROGRESS_BARS", "1");
            return Processes.run(Duration.ofMinutes(3), environment, command);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
