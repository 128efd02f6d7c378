package dev.arclight.track;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Metrics on their way to the store: a bounded queue and one thread that writes what has gathered, in batches. The
 * thread exists only while there is something to write. A failure that a retry does not cure is thrown by every later
 * call; what waits is then counted in its message, never dropped silently.
 *
 * <p>Safe for use by many threads.
 */
final class MetricQueue {
    private static final int CAPACITY = 20_000;
    private static final int ATTEMPTS = 5;
    private static final long TIMEOUT_SECONDS = 120;
    private static final long IDLE_SECONDS = 2;

    private final String owner;
    private final Consumer<List<Metric>> sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Metric> waiting = new ArrayDeque<>();
    private int inFlight;
    private @Nullable Thread writer;
    private @Nullable RuntimeException failure;

    MetricQueue(String owner, Consumer<List<Metric>> sink) {
        this.owner = owner;
        this.sink = sink;
    }

    /** Takes metrics; waits while the queue is full. */
    void add(List<Metric> metrics) {
        lock.lock();
        try {
            for (Metric metric : metrics) {
                await(() -> waiting.size() < CAPACITY, "room in the queue of metrics");
                throwFailure();
                waiting.add(metric);
                if (writer == null) {
                    writer = new Thread(this::write, "arclight-metrics-" + owner);
                    writer.setDaemon(true);
                    writer.start();
                } else if (waiting.size() == 1) {
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was added is on disk. */
    void flush() {
        lock.lock();
        try {
            await(() -> waiting.isEmpty() && inFlight == 0, "the metrics of run " + owner + " to be written");
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        while (true) {
            List<Metric> batch = new ArrayList<>();
            lock.lock();
            try {
                if (waiting.isEmpty() && !idle()) {
                    writer = null;
                    return;
                }
                while (batch.size() < Limits.METRICS_PER_BATCH && !waiting.isEmpty()) {
                    batch.add(waiting.remove());
                }
                inFlight = batch.size();
            } finally {
                lock.unlock();
            }
            RuntimeException failed = send(batch);
            lock.lock();
            try {
                changed.signalAll();
                if (failed != null) {
                    failure = failed;
                    writer = null;
                    return; // inFlight stays: these metrics were not written
                }
                inFlight = 0;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits a while for more; whether there is more. */
    private boolean idle() {
        long nanos = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        try {
            while (waiting.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread but a dying JVM
        }
        return !waiting.isEmpty();
    }

    private @Nullable RuntimeException send(List<Metric> batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                sink.accept(batch);
                return null;
            } catch (RuntimeException e) {
                boolean again =
                        e instanceof ArclightException known && known.code().isRetryable();
                if (!again || attempt == ATTEMPTS || !pause(attempt)) {
                    return e;
                }
            }
        }
    }

    private boolean pause(int attempt) {
        try {
            TimeUnit.MILLISECONDS.sleep(100L << attempt);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private interface State {
        boolean reached();
    }

    /** Waits for a state or a failure, even in an interrupted thread: a killed run must still be written. */
    private void await(State state, String what) {
        long nanos = TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        boolean interrupted = false;
        try {
            while (!state.reached() && failure == null) {
                if (nanos <= 0) {
                    throw new ArclightException(
                            ErrorCode.TIMEOUT,
                            "Waited %d s for %s; %d are not written"
                                    .formatted(TIMEOUT_SECONDS, what, waiting.size() + inFlight));
                }
                try {
                    nanos = changed.awaitNanos(nanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void throwFailure() {
        RuntimeException cause = failure;
        if (cause != null) {
            ErrorCode code = cause instanceof ArclightException known ? known.code() : ErrorCode.INTERNAL;
            throw new ArclightException(
                    code,
                    "%d metrics of run %s were not written: %s"
                            .formatted(waiting.size() + inFlight, owner, cause.getMessage()),
                    cause);
        }
    }
}
