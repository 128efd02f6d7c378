package dev.arclight.serve;

import dev.arclight.web.HttpError;
import dev.arclight.web.Metrics;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets as many requests compute at once as there are cores and some more wait; the rest is refused at once. So those
 * that are answered wait no longer than a few times what one takes, however many ask.
 */
final class Admission {
    private static final String TIMEOUT = "X-Request-Timeout-Ms";

    /** What a request is to be given. */
    @FunctionalInterface
    interface Work {
        Reply answer(Request request) throws IOException;
    }

    private final Semaphore places;
    private final int most;
    private final AtomicInteger inside = new AtomicInteger();
    private final Counter refused;
    private final Counter late;

    /**
     * @param places that compute at once
     * @param waiting that may wait beside them
     */
    Admission(int places, int waiting, Metrics metrics) {
        this.places = new Semaphore(places, true);
        this.most = places + waiting;
        this.refused = metrics.counter("arclight_scoring_refused", "Requests answered 429: computing at the limit");
        this.late = metrics.counter("arclight_scoring_late", "Requests answered 504: their caller's time was over");
    }

    /**
     * Does the work in a place of its own, waiting for one if need be: at most as long as the caller says by
     * {@code X-Request-Timeout-Ms}, for whom an answer is of no use later. What is quick enough for the thread that
     * reads requests needs no place: there are few such threads.
     *
     * @throws HttpError 429 if too many wait already, 504 if the caller's time is over
     */
    Reply answer(Request request, Work work) throws IOException, InterruptedException {
        if (request.isQuick()) {
            return work.answer(request);
        }
        request.bytes(); // read before the place is taken: a slow sender must not hold it
        enter(request.header(TIMEOUT).map(Admission::millis).orElse(Long.MAX_VALUE));
        try {
            return work.answer(request);
        } finally {
            leave();
        }
    }

    private static long millis(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw Cells.bad("%s should be milliseconds, but is '%s'".formatted(TIMEOUT, Cells.shorten(text)));
        }
        return Long.parseLong(text);
    }

    private void enter(long millis) throws InterruptedException {
        if (inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            refused.inc();
            throw new HttpError(429, "RESOURCE_EXHAUSTED", "The server computes at its limit; try again in a second")
                    .withHeader("Retry-After", "1");
        }
        boolean entered = false;
        try {
            entered = places.tryAcquire(millis, TimeUnit.MILLISECONDS);
        } finally {
            if (!entered) {
                inside.decrementAndGet();
            }
        }
        if (!entered) {
            late.inc();
            throw new HttpError(
                    504,
                    "DEADLINE_EXCEEDED",
                    "The request waited for the %d ms that its caller gave it".formatted(millis));
        }
    }

    private void leave() {
        places.release();
        inside.decrementAndGet();
    }
}
