package dev.arclight.ray;

import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.time.Duration;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What tests of sessions on Ray share. */
final class RayTests {
    /** What executors and submitted drivers write to their logs. */
    static final String LOG_LINE = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} [A-Z]+ \\S+ \\[[^]]*]: .*";

    private RayTests() {}

    /** A session on {@code cluster}, which need not be the one of this process's environment. */
    static Arclight session(RayCluster cluster, Map<String, String> settings) {
        Arclight.Builder builder = Arclight.builder("test")
                .master(Master.of("ray:" + cluster.address()))
                .spark("spark.sql.shuffle.partitions", "4")
                .spark(RaySettings.PREFIX + "jar", cluster.jar().toString())
                .spark(RaySettings.PREFIX + "token-file", cluster.tokenFile().toString());
        settings.forEach(builder::spark);
        return builder.start();
    }

    static void awaitExecutors(SparkSession spark, int count) {
        // The driver counts as one.
        Await.until(
                count + " executors",
                Duration.ofSeconds(60),
                () -> spark.sparkContext().statusTracker().getExecutorInfos().length == count + 1);
    }
}
