package dev.arclight.serve;

import dev.arclight.web.HttpError;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets as many requests compute at once as there are cores and some more wait; the rest is refused at once. So those
 * that are answered wait no longer than a few times what one takes, however many ask.
 */
final class Admission {
    private final Semaphore places;
    private final int most;
    private final AtomicInteger inside = new AtomicInteger();
    private final Counter refused;

    /**
     * @param places that compute at once
     * @param waiting that may wait beside them
     */
    Admission(int places, int waiting, Counter refused) {
        this.places = new Semaphore(places, true);
        this.most = places + waiting;
        this.refused = refused;
    }

    /**
     * Waits for a place. Whoever returns from here calls {@link #leave}.
     *
     * @throws HttpError 429 if too many wait already
     */
    void enter() throws InterruptedException {
        if (inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            refused.inc();
            throw new HttpError(429, "RESOURCE_EXHAUSTED", "The server computes at its limit; try again in a second")
                    .withHeader("Retry-After", "1");
        }
        try {
            places.acquire();
        } catch (InterruptedException e) {
            inside.decrementAndGet();
            throw e;
        }
    }

    /** Lets the next one in. */
    void leave() {
        places.release();
        inside.decrementAndGet();
    }
}
