package dev.arclight.examples.wine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Times the steps of a demo, shows each, and stops between two where Ctrl-C came. */
final class Steps {
    /** A step's work. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws Exception;
    }

    private final Progress progress;
    private final Cleanup cleanup;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    Steps(Progress progress, Cleanup cleanup) {
        this.progress = progress;
        this.cleanup = cleanup;
    }

    /**
     * Runs one step.
     *
     * @param key in {@code summary.json}, such as {@code sweep}
     * @param label for a person
     */
    <T> T run(String key, String label, Work<T> work) throws Exception {
        if (cleanup.isClosed()) {
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted before: " + label);
        }
        long start = System.nanoTime();
        try (Progress.Task task = progress.start(label, 1, "step")) {
            try {
                T result = work.run();
                task.advance(1);
                return result;
            } catch (Exception | Error e) {
                task.fail("failed");
                throw e;
            }
        } finally {
            seconds.merge(key, (System.nanoTime() - start) / 1e9, Double::sum);
        }
    }

    /** Wall seconds by step, in the order they ran. */
    Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
