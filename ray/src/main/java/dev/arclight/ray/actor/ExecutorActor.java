package dev.arclight.ray.actor;

import dev.arclight.ray.dataset.Handover;
import dev.arclight.ray.link.ExecutorInstructions;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.WorkerReport;
import io.ray.api.Ray;
import java.nio.file.Path;

/**
 * A Ray actor whose JVM is a Spark executor. It begins to load Spark's classes as soon as it exists, long before the
 * driver knows its own address: that is what makes a session start fast.
 *
 * <p>Failures are returned as text: Ray's serialisation of an exception can fail itself, and then the process dies and
 * the reason with it.
 */
public final class ExecutorActor {
    /** Begins an answer that tells a failure. */
    static final String FAILED = "FAILED: ";

    /** Called by Ray on the worker. */
    public ExecutorActor() {
        try {
            ExecutorThread.warmUp();
        } catch (LinkageError e) {
            System.err.println("Cannot load Spark ahead: " + e); // run() fails on it again, and tells the driver
        }
    }

    /** What the driver wants to know of this process, as {@link WorkerReport#format} writes it, or a failure. */
    public String report() {
        try {
            return new WorkerReport(
                            System.getProperty("ray.node-ip", ""),
                            ProcessHandle.current().pid(),
                            System.getProperty("java.version", "0"),
                            rayVersion(),
                            Ray.getRuntimeContext().getGpuIds().stream()
                                    .map(String::valueOf)
                                    .toList())
                    .format();
        } catch (RuntimeException | LinkageError e) {
            return failure(e);
        }
    }

    /**
     * Runs the executor until it ends.
     *
     * @return why it ended
     */
    public String run(byte[] instructions) {
        try {
            return ExecutorThread.run(ExecutorInstructions.decode(instructions));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure(e);
        } catch (RuntimeException | LinkageError e) {
            return failure(e);
        }
    }

    /** Id of the node that this runs on, as Ray's Python calls it. */
    public String node() {
        return String.valueOf(Ray.getRuntimeContext().getCurrentNodeId());
    }

    /** A block that a task of this process made, which leaves it thereby; empty if there is none. */
    public byte[] take(String key) {
        return Handover.OF_THIS_PROCESS.take(key);
    }

    /** A block that a task of this process waits for; false if none does. */
    public boolean deliver(String token, byte[] block) {
        return Handover.OF_THIS_PROCESS.deliver(token, block);
    }

    private static String failure(Throwable e) {
        return FAILED
                + (e instanceof NoClassDefFoundError
                        ? "node %s has no class %s on the executors' class path %s: put the same files at the same paths on every node, or set spark.arclight.ray.class-path"
                                .formatted(
                                        System.getProperty("ray.node-ip"),
                                        e.getMessage(),
                                        System.getProperty("java.class.path"))
                        : "on node %s: %s".formatted(System.getProperty("ray.node-ip"), e));
    }

    /** The version of the Ray that started this process; the jar it runs with is the driver's choice. */
    private static String rayVersion() {
        String home = System.getProperty("ray.home", "");
        if (!home.endsWith("/ray/../..")) {
            return "unknown";
        }
        return RayInstallation.at(Path.of(home.substring(0, home.length() - "/../..".length())))
                .version();
    }
}
