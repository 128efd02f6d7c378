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
 * Lets as many requests compute at once as there are cores and some more wait; the rest is refused at once.
 *
 * <p>How many may wait depends on whether it is a burst or an overload. A burst ends, so a long queue answers all of
 * it. In an overload a queue only makes all that are answered late: by Little's law they take (waiting + places) /
 * places times as long as the work. So the queue is long until it was full once. From then on it is short, one for each
 * place: what is admitted takes two service times. Each request that finds a place free, as hardly one does in an
 * overload, makes it longer by one.
 *
 * <p>Safe for use by many threads.
 */
final class Admission {
    private static final String TIMEOUT = "X-Request-Timeout-Ms";

    /** May wait for each place in an overload: enough that no place is ever empty. */
    private static final int WAITING = 1;

    /** May wait for each place in a burst, and in all: each holds a thread. */
    private static final int BURST = 32;

    private static final int MOST_BURST = 256;

    /** A burst is over by then; nor is one to wait longer, as far as the mean of the work tells. */
    private static final long BURST_NANOS = 250_000_000;

    /** So many may wait for each place at any time: a few callers, each with one request after another. */
    private static final int LEAST_BURST = 3;

    /** Share of a new measurement in the running mean. */
    private static final double FRESH = 0.05;

    /** What a request is to be given. */
    @FunctionalInterface
    interface Work {
        Reply answer(Request request) throws IOException;
    }

    private final Semaphore free;
    private final int places;
    private final int shortest;
    private final int longest;
    private final int always;
    private final AtomicInteger inside = new AtomicInteger();
    private final Counter refused;
    private final Counter late;

    /** Computing and waiting together. Threads may overwrite each other's: one more or less is no matter. */
    private volatile int limit;

    /** When the queue became longer than {@link #always}, 0 while it is not. As above. */
    private volatile long longSince;

    /** Mean of what a request holds its place for, 0 before the first. As above. */
    private volatile double meanNanos;

    /**
     * @param places that compute at once
     * @param waiting that may wait beside them in an overload
     * @param burst that may wait beside them in a burst
     */
    Admission(int places, int waiting, int burst, Metrics metrics) {
        this.free = new Semaphore(places, true);
        this.places = places;
        this.shortest = places + waiting;
        this.longest = places + burst;
        this.always = Math.min(longest, places + LEAST_BURST * places);
        this.limit = longest;
        this.refused = metrics.counter("arclight_scoring_refused", "Requests answered 429: computing at the limit");
        this.late = metrics.counter("arclight_scoring_late", "Requests answered 504: their caller's time was over");
        metrics.gauge("arclight_scoring_limit", "Requests that may compute and wait now", this::limit);
    }

    /** For a machine with so many cores. */
    static Admission of(int cores, Metrics metrics) {
        return new Admission(cores, WAITING * cores, burst(cores), metrics);
    }

    /** Threads that may be in here at once on such a machine. */
    static int threads(int cores) {
        return cores + burst(cores);
    }

    private static int burst(int cores) {
        return Math.max(LEAST_BURST * cores, Math.min(MOST_BURST, BURST * cores));
    }

    /**
     * Whether the thread that read the request may answer it. A request that would be refused later is refused here:
     * then its answer waits for no thread.
     *
     * @throws HttpError 429
     */
    boolean isQuick(ServedModel model, Request request) {
        if (model.isQuick(request)) {
            return true;
        }
        if (inside.get() >= limit()) {
            throw refusal();
        }
        return false;
    }

    private int limit() {
        double mean = meanNanos;
        double inTime = mean == 0 ? longest : places + BURST_NANOS / mean * places;
        return (int) Math.min(limit, Math.max(always, inTime));
    }

    /** Whether the queue has been longer than a few callers make it for longer than a burst lasts. */
    private boolean stands(int now) {
        if (now <= always) {
            longSince = 0;
            return false;
        }
        long since = longSince;
        long time = System.nanoTime();
        if (since == 0) {
            longSince = time | 1; // 0 means never
            return false;
        }
        return time - since > BURST_NANOS;
    }

    private HttpError refusal() {
        limit = shortest;
        refused.inc();
        return new HttpError(429, "RESOURCE_EXHAUSTED", "The server computes at its limit; try again in a second")
                .withHeader("Retry-After", "1");
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
        long start = System.nanoTime();
        try {
            return work.answer(request);
        } finally {
            leave(System.nanoTime() - start);
        }
    }

    private static long millis(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw Cells.bad("%s should be milliseconds, but is '%s'".formatted(TIMEOUT, Cells.shorten(text)));
        }
        return Long.parseLong(text);
    }

    private void enter(long millis) throws InterruptedException {
        int now = inside.incrementAndGet();
        if (now > limit() || stands(now)) {
            inside.decrementAndGet();
            throw refusal();
        }
        if (now <= places) {
            limit = Math.min(longest, limit + 1);
        }
        boolean entered = false;
        try {
            entered = free.tryAcquire(millis, TimeUnit.MILLISECONDS);
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

    private void leave(long nanos) {
        free.release();
        if (inside.decrementAndGet() <= always) {
            longSince = 0;
        }
        double mean = meanNanos;
        meanNanos = mean == 0 ? nanos : mean + FRESH * (nanos - mean);
    }
}
