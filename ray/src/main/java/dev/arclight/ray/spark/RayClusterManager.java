package dev.arclight.ray.spark;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Master;
import dev.arclight.ray.RaySession;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskScheduler;
import org.apache.spark.scheduler.TaskSchedulerImpl;

/**
 * Makes {@code ray} a Spark master. Spark finds it by ServiceLoader, so that
 * {@code SparkSession.builder().master("ray")}, {@code spark-submit}, {@code spark-sql} and PySpark know it wherever
 * this jar is on the class path. ("Manager" is Spark's word.)
 */
public final class RayClusterManager implements ExternalClusterManager {
    private static final String FOR_LAUNCHER = "spark-";

    /** What the session of {@code context} has on Ray; empty if it runs elsewhere. */
    public static Optional<RaySession> session(SparkContext context) {
        return context.schedulerBackend() instanceof RaySchedulerBackend backend
                ? Optional.of(backend.session())
                : Optional.empty();
    }

    @Override
    public boolean canCreate(String masterUrl) {
        String master = ours(masterUrl);
        return master.equals("ray") || master.startsWith("ray:");
    }

    @Override
    public TaskScheduler createTaskScheduler(SparkContext context, String masterUrl) {
        return new TaskSchedulerImpl(context);
    }

    /** @throws ArclightException BAD_INPUT if {@code masterUrl} is none of {@code ray} and {@code ray:HOST:PORT} */
    @Override
    public SchedulerBackend createSchedulerBackend(SparkContext context, String masterUrl, TaskScheduler scheduler) {
        if (!(Master.of(ours(masterUrl)) instanceof Master.Ray ray)) {
            throw new IllegalStateException("Not a Ray master: " + masterUrl);
        }
        return RaySchedulerBackend.of(context, (TaskSchedulerImpl) scheduler, ray);
    }

    @Override
    public void initialize(TaskScheduler scheduler, SchedulerBackend backend) {
        ((TaskSchedulerImpl) scheduler).initialize(backend);
    }

    private static String ours(String masterUrl) {
        return masterUrl.startsWith(FOR_LAUNCHER + "ray") ? masterUrl.substring(FOR_LAUNCHER.length()) : masterUrl;
    }
}
