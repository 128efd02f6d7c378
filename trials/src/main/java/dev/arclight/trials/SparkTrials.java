package dev.arclight.trials;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.tune.Objective;
import dev.arclight.tune.TrialEnd;
import dev.arclight.tune.TrialOrder;
import dev.arclight.tune.TrialPlace;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag;

/**
 * Runs each trial of a study as one Spark task: on threads of a local session, in executors of a cluster, and where the
 * master is {@code ray} in Ray actors, which its executors are.
 *
 * <pre>{@code
 * SparkTrials place = SparkTrials.on(arclight.spark());
 * Broadcast<LabeledMatrix> data = place.share(matrix);
 * Study.over(space).trials(96).parallelism(8).on(place).run(trial -> auc(data.value(), trial));
 * }</pre>
 *
 * <p>A trial has one slot ({@code spark.task.cpus} cores) unless {@link #cores} says more. A task whose executor is
 * lost is run again by Spark; what the objective throws fails its trial alone. The objective and what it refers to must
 * be serializable, and so must what it keeps. Suggestions, pruning and tracking are those of a study on threads.
 * Immutable, safe for use by many threads.
 */
public final class SparkTrials implements TrialPlace {
    private final JavaSparkContext context;
    private final @Nullable ResourceProfile profile;

    private SparkTrials(JavaSparkContext context, @Nullable ResourceProfile profile) {
        this.context = context;
        this.profile = profile;
    }

    /** On a session, which must stay open. */
    public static SparkTrials on(SparkSession session) {
        return new SparkTrials(JavaSparkContext.fromSparkContext(session.sparkContext()), null);
    }

    /**
     * The same with so many cores for each trial, of an executor's.
     *
     * @param each at least 1; Spark's local masters know no such requests and refuse them
     */
    public SparkTrials cores(int each) {
        if (each < 1) {
            throw ArclightException.badInput("%d cores for a trial: at least 1 is needed".formatted(each));
        }
        TaskResourceRequests tasks = new TaskResourceRequests();
        tasks.cpus(each);
        return new SparkTrials(
                context, new ResourceProfileBuilder().require(tasks).build());
    }

    /** Sends data to each executor once, when its first trial asks for it; {@code destroy} frees it everywhere. */
    public <T> Broadcast<T> share(T data) {
        return context.broadcast(data);
    }

    @Override
    public TrialEnd run(TrialOrder order, Objective objective) throws InterruptedException {
        String group = "arclight-trial-" + UUID.randomUUID();
        context.setJobGroup(group, "Trial " + order.number(), true);
        try {
            JavaRDD<Integer> one = context.parallelize(List.of(order.number()), 1);
            if (profile != null) {
                one = one.withResources(profile);
            }
            // Bytes, so that it does not matter how the session serializes results.
            return read(one.map(number -> performed(order, objective)).collect().get(0));
        } catch (Exception e) {
            if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                context.cancelJobGroup(group);
                throw new InterruptedException("Interrupted while trial %d ran".formatted(order.number()));
            }
            throw e;
        } finally {
            context.clearJobGroup();
        }
    }

    /** In the task. */
    private static byte[] performed(TrialOrder order, Objective objective) {
        TrialEnd end = order.perform(objective);
        try {
            return bytes(end);
        } catch (Exception e) { // Scala throws NotSerializableException without saying so
            // Whatever was thrown or kept does not serialize; the former's text is enough, the latter is not.
            return end.kept() == null ? bytes(end.withText()) : bytes(TrialEnd.failed(notSerializable(e)));
        }
    }

    private static ArclightException notSerializable(Exception e) {
        return new ArclightException(
                ErrorCode.BAD_INPUT, "What the trial keeps cannot be sent to the driver: " + e.getMessage());
    }

    private static byte[] bytes(TrialEnd end) {
        ByteBuffer buffer = serializer().serialize(end, ClassTag.apply(TrialEnd.class));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static TrialEnd read(byte[] bytes) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return serializer()
                .deserialize(
                        ByteBuffer.wrap(bytes),
                        loader == null ? SparkTrials.class.getClassLoader() : loader,
                        ClassTag.apply(TrialEnd.class));
    }

    private static SerializerInstance serializer() {
        return new JavaSerializer(SparkEnv.get().conf()).newInstance();
    }
}
