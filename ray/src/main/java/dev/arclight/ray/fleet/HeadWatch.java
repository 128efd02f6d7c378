package dev.arclight.ray.fleet;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Notices that the head of the cluster has gone. Ray's own calls wait for it in silence, and after a minute
 * ({@code RAY_gcs_rpc_server_reconnect_timeout_s}) its native library ends the process.
 */
final class HeadWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final BooleanSupplier answers;
    private final Duration patience;
    private final Consumer<Optional<Duration>> told;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(HeadWatch::daemon);
    private long silentSinceNanos;
    private boolean silent;

    /**
     * Begins at once.
     *
     * @param answers whether the head answers now
     * @param patience how long it may be silent before anybody is told; a head that is restarted is back by then
     * @param told for how long it has been silent, each time it is looked at from then on; empty when it is back
     */
    HeadWatch(BooleanSupplier answers, Duration patience, Consumer<Optional<Duration>> told) {
        this.answers = answers;
        this.patience = patience;
        this.told = told;
        ScheduledFuture<?> unused =
                looks.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
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
