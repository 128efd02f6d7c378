package dev.arclight.base;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What must happen even if the user presses Ctrl-C: children ended, the run marked KILLED, half-written output removed.
 * Actions run last-in first-out, each once; one that fails does not keep the others from running.
 *
 * <p>Safe for use by many threads. {@link #close()} runs what is still registered, so a program holds one in
 * try-with-resources and connects it to the JVM's shutdown where it wants Ctrl-C covered.
 */
public final class Cleanup implements AutoCloseable {
    /** Undoes something; may throw, which is recorded and does not stop the others. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** A registered action. Closing it withdraws the action without running it. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private final Deque<Action> actions = new ArrayDeque<>();
    private boolean closed;

    /**
     * Registers {@code action}. If this is already closed (Ctrl-C came first) the action runs at once.
     *
     * @return withdraws the action when closed
     * @throws ArclightException {@link ErrorCode#INTERNAL} if it ran at once and failed
     */
    public Registration register(Action action) {
        synchronized (actions) {
            if (!closed) {
                actions.push(action);
                return () -> {
                    synchronized (actions) {
                        actions.remove(action);
                    }
                };
            }
        }
        Throwable failure = run(action, null);
        if (failure != null) {
            throw failed(failure);
        }
        return () -> {};
    }

    /** Whether {@link #close()} began; long loops look at it to stop early. */
    public boolean isClosed() {
        synchronized (actions) {
            return closed;
        }
    }

    /**
     * Runs what is registered, last first. Idempotent.
     *
     * @throws ArclightException {@link ErrorCode#INTERNAL} after all ran, if one failed; further failures are
     *     suppressed in it
     */
    @Override
    public void close() {
        Throwable first = null;
        while (true) {
            Action next;
            synchronized (actions) {
                closed = true;
                if (actions.isEmpty()) {
                    break;
                }
                next = actions.pop();
            }
            first = run(next, first);
        }
        if (first != null) {
            throw failed(first);
        }
    }

    private static ArclightException failed(Throwable first) {
        return new ArclightException(ErrorCode.INTERNAL, "Clean-up failed: " + first.getMessage(), first);
    }

    private static @Nullable Throwable run(Action action, @Nullable Throwable first) {
        try {
            action.run();
        } catch (Exception | Error e) { // a class that is missing, too, must not keep the others from running
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (first == null) {
                return e;
            }
            first.addSuppressed(e);
        }
        return first;
    }
}
