package dev.arclight.web;

import java.time.Duration;
import java.util.Objects;

/**
 * What a server takes on at most.
 *
 * @param bodyBytes of a request, unless its route says otherwise; at least 1
 * @param requestTime from the head of a request to its answer, unless its route says otherwise; what takes longer is
 *     interrupted
 * @param connections open at once; more wait unaccepted; at least 1
 * @param concurrency requests worked on at once by worker threads; at least 1
 * @param queue requests that may wait for a worker thread beside those; more get 429 at once; at least 0
 */
public record Limits(long bodyBytes, Duration requestTime, int connections, int concurrency, int queue) {
    public Limits {
        Objects.requireNonNull(requestTime);
        if (bodyBytes < 1 || connections < 1 || concurrency < 1 || queue < 0 || requestTime.isNegative()) {
            throw new IllegalArgumentException(
                    "Not limits: bodyBytes=%d requestTime=%s connections=%d concurrency=%d queue=%d"
                            .formatted(bodyBytes, requestTime, connections, concurrency, queue));
        }
    }

    /** 16 MiB bodies, 60 s, 1,000 connections, 8 threads for each core (at least 32), 200 waiting. */
    public static Limits standard() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new Limits(16L << 20, Duration.ofSeconds(60), 1000, Math.max(32, 8 * cores), 200);
    }

    public Limits withBodyBytes(long bytes) {
        return new Limits(bytes, requestTime, connections, concurrency, queue);
    }

    public Limits withRequestTime(Duration time) {
        return new Limits(bodyBytes, time, connections, concurrency, queue);
    }

    public Limits withConnections(int count) {
        return new Limits(bodyBytes, requestTime, count, concurrency, queue);
    }

    public Limits withConcurrency(int workers, int waiting) {
        return new Limits(bodyBytes, requestTime, connections, workers, waiting);
    }
}
