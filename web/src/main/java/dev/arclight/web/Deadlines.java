package dev.arclight.web;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Interrupts threads that work on a request for too long. */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Deadlines() {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "arclight-web-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs {@code action} after {@code time} unless cancelled before. */
    ScheduledFuture<?> after(Duration time, Runnable action) {
        return timer.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Begins to watch the calling thread. Closed by it, in the same frame. */
    Watch watch(Duration time) {
        return new Watch(Thread.currentThread(), time);
    }

    final class Watch implements AutoCloseable {
        private final Thread thread;
        private @Nullable ScheduledFuture<?> timeout;
        private boolean over;
        private boolean expired;

        private Watch(Thread thread, Duration time) {
            this.thread = thread;
            this.timeout = after(time, this::expire);
        }

        private synchronized void expire() {
            if (!over) {
                expired = true;
                thread.interrupt();
            }
        }

        synchronized boolean hasExpired() {
            return expired;
        }

        /** From here on the thread is not interrupted; an interrupt that came is taken back. */
        @Override
        public synchronized void close() {
            over = true;
            if (timeout != null) {
                timeout.cancel(false);
            }
            if (expired) {
                Thread.interrupted();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
