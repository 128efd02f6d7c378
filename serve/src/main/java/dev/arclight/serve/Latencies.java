package dev.arclight.serve;

import java.util.Arrays;

/**
 * How long requests took.
 *
 * @param count how many
 * @param p50Millis half were faster
 * @param p99Millis 99 of 100 were faster
 * @param maxMillis the slowest
 */
public record Latencies(int count, double p50Millis, double p99Millis, double maxMillis) {
    /** Sums up times in nanoseconds; at least one. The array is not changed. */
    public static Latencies of(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("No times");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(
                sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.99), sorted[sorted.length - 1] / 1e6);
    }

    /** The nearest-rank quantile. */
    private static double quantile(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
    }
}
