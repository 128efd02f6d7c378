package dev.arclight.ray.fleet;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the head of the cluster has gone. Ray's own calls wait for it in silence, and after a minute
 * ({@code RAY_gcs_rpc_server_reconnect_timeout_s}) its native library ends the process.
 */
final class HeadWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);
    private final BooleanSupplier answers;
    private final Duration every;
    private final Duration patience;
    private final Consumer<Optional<Duration>> told;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(HeadWatch::daemon);
    private long silentSinceNanos;
    private boolean silent;

    /**
     * A watch that has not begun.
     *
     * @param answers whether the head answers now
     * @param every how long from one look to the next
     * @param patience how long it may be silent before anybody is told; a head that is restarted is back by then
     * @param told for how long it has been silent, each time it is looked at from then on; empty when it is back
     */
    HeadWatch(BooleanSupplier answers, Duration every, Duration patience, Consumer<Optional<Duration>> told) {
        this.answers = answers;
        this.every = every;
        this.patience = patience;
        this.told = told;
    }

    void begin() {
        ScheduledFuture<?> unused =
                looks.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            compare();
        } catch (RuntimeException e) { // one that leaves ends the schedule without a word
            LOG.warn("The head of the Ray cluster was not looked at: {}", e.getMessage(), e);
        }
    }

    private void compare() {
        if (answers.getAsBoolean()) {
            if (silent) {
                silent = false;
                told.accept(Optional.empty());
            }
            return;
        }
        if (!silent) {
            silent = true;
            silentSinceNanos = System.nanoTime();
        }
        Duration silence = Duration.ofNanos(System.nanoTime() - silentSinceNanos);
        if (silence.compareTo(patience) >= 0) {
            told.accept(Optional.of(silence));
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "arclight-ray-head");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
