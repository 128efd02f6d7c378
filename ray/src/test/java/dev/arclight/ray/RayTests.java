package dev.arclight.ray;

import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** What tests of sessions on Ray share. */
public final class RayTests {
    /** What executors and submitted drivers write to their logs. */
    static final String LOG_LINE = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} [A-Z]+ \\S+ \\[[^]]*]: .*";

    /** For what takes seconds, on a machine that is much slower: a wait that ends well costs no more for it. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

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

    /**
     * Waits until the driver knows {@code count} executors. They need not take tasks yet, see {@link #awaitWork}; and
     * one that was just killed is known until its loss is.
     */
    static void awaitExecutors(SparkSession spark, int count) {
        // The driver counts as one.
        Await.until(
                count + " executors",
                PATIENCE,
                () -> spark.sparkContext().statusTracker().getExecutorInfos().length == count + 1);
    }

    /**
     * Waits until {@code executors} of one core each take tasks. One that is registered takes none before it says that
     * it is launched: until then all work is done by the others. Not where executors come and go with the work.
     */
    public static void awaitWork(SparkSession spark, int executors) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Integer> tasks = Collections.nCopies(2 * executors, 0);
        Await.until(
                executors + " executors that take tasks",
                PATIENCE,
                () -> context.parallelize(tasks, tasks.size())
                                .map(one -> SparkEnv.get().executorId())
                                .distinct()
                                .count()
                        == executors);
    }
}
