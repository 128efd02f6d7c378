package dev.arclight.ray.actor;

import dev.arclight.ray.link.DriverInstructions;
import dev.arclight.ray.link.DriverQuestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A detached Ray actor whose JVM is the driver of a submitted application. It outlives the job that made it, and after
 * the application's end it stays until somebody has fetched the log, at most an hour.
 */
public final class DriverActor {
    private @Nullable DriverThread driver;

    /** Called by Ray on the worker. */
    public DriverActor() {}

    /**
     * Starts the application and returns.
     *
     * @return empty, or {@link ExecutorActor#FAILED} and why
     */
    public synchronized String start(byte[] instructions) {
        try {
            if (driver == null) {
                driver = DriverThread.start(DriverInstructions.decode(instructions));
            }
            return "";
        } catch (IOException | RuntimeException | LinkageError e) {
            return ExecutorActor.FAILED + "on node %s: %s".formatted(System.getProperty("ray.node-ip"), e);
        }
    }

    /** Answers what {@link DriverQuestion} says; failures as {@link ExecutorActor#FAILED} and why. */
    public byte[] ask(String question, long argument) {
        DriverThread started;
        synchronized (this) {
            started = driver;
        }
        try {
            if (started == null) {
                return "PENDING\n".getBytes(StandardCharsets.UTF_8);
            }
            return switch (DriverQuestion.valueOf(question)) {
                case STATUS -> started.status().getBytes(StandardCharsets.UTF_8);
                case LOG -> started.log(argument);
                case STOP -> {
                    started.stop();
                    yield started.status().getBytes(StandardCharsets.UTF_8);
                }
            };
        } catch (IOException | RuntimeException | LinkageError e) {
            return (ExecutorActor.FAILED + e).getBytes(StandardCharsets.UTF_8);
        }
    }
}
