package dev.arclight.serve;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What is done with answered rows beside the answers, on one thread of low claims: no answer waits for it, and what
 * does not fit into its queue is left out. Safe for use by many threads.
 */
final class Aside implements Executor, AutoCloseable {
    /** Requests that may wait; more than a burst of them would only hold memory. */
    private static final int WAITING = 256;

    /** Larger requests would hold the others up. */
    private static final int MOST_ROWS = 10_000;

    private static final int CLOSE_SECONDS = 5;

    private final ThreadPoolExecutor thread;

    Aside(String name) {
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Does something with the rows of one request.
     *
     * @return whether there was room for it
     */
    boolean offer(int rows, Runnable task) {
        return rows <= MOST_ROWS && offer(task);
    }

    private boolean offer(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Does something else; left out where there is no room. */
    @Override
    public void execute(Runnable task) {
        offer(task);
    }

    /** Takes nothing more; what waits has 5 s to be done. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
