package dev.arclight.serve;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with answered rows beside the answers, on one thread of low claims: no answer waits for it, and what
 * does not fit into its queue is left out and reported. Safe for use by many threads.
 */
final class Aside implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

    /** Requests that may wait; more than a burst of them would only hold memory. */
    private static final int WAITING = 256;

    /** Larger requests would hold the others up. */
    private static final int MOST_ROWS = 10_000;

    private static final int CLOSE_SECONDS = 5;

    private final String name;
    private final IntConsumer leftOut;
    private final ThreadPoolExecutor thread;

    /**
     * @param name of the thread
     * @param leftOut is told the rows of each request that was not taken, or taken and not done at the end
     */
    Aside(String name, IntConsumer leftOut) {
        this.name = name;
        this.leftOut = leftOut;
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    /** One request's rows and what is to be done with them. */
    private record Task(int rows, Runnable work) implements Runnable {
        @Override
        public void run() {
            work.run();
        }
    }

    /** Does something with the rows of one request where there is room for it. */
    void offer(int rows, Runnable work) {
        if (rows > MOST_ROWS) {
            leftOut.accept(rows);
            return;
        }
        try {
            thread.execute(new Task(rows, work));
        } catch (RejectedExecutionException e) {
            leftOut.accept(rows);
        }
    }

    /** Takes nothing more; what waits has 5 s to be done, the rest is left out and said. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int rows = 0;
        for (Runnable undone : thread.shutdownNow()) {
            rows += undone instanceof Task task ? task.rows : 0;
        }
        leftOut.accept(rows);
        LOG.warn("{} was not done within {} s; {} rows that waited for it are left out", name, CLOSE_SECONDS, rows);
    }
}
