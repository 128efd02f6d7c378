package dev.arclight.cli;

import dev.arclight.base.Cleanup;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C (or a polite kill) does to a command: its thread is interrupted and given time to end by itself, so that
 * it marks its run KILLED and closes what it opened; then what it registered for clean-up runs.
 */
final class Interruption implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Cleanup cleanup;
    private final PrintWriter err;
    private final Thread command = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "arclight-interrupt");
    private volatile boolean came;

    /** Begins to listen, for the command that the calling thread is about to run. */
    Interruption(Cleanup cleanup, PrintWriter err) {
        this.cleanup = cleanup;
        this.err = err;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether it happened: what fails from then on fails because of it. */
    boolean came() {
        return came;
    }

    /** The command has ended. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running: what it is for.
        }
    }

    private void interrupt() {
        came = true;
        err.println();
        err.println("arclight: interrupted, cleaning up");
        err.flush();
        command.interrupt();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                err.printf("arclight: still not stopped after %d s, giving up waiting%n", PATIENCE_SECONDS);
            }
            cleanup.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            err.println("arclight: " + FailureSentence.of(e));
        }
        err.flush();
    }
}
