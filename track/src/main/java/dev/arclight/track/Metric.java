package dev.arclight.track;

import java.util.Optional;

/**
 * One value of a metric.
 *
 * @param key at most 250 characters
 * @param value any double; NaN and infinities are kept
 * @param timestampMillis since the epoch, at least 0
 * @param step such as the boosting round; any long
 * @param origin what it was measured on, where known
 */
public record Metric(String key, double value, long timestampMillis, long step, Optional<Origin> origin) {
    /**
     * What a metric was measured on. Empty text means unknown.
     *
     * @param modelId of the logged model, {@code m-…}
     * @param datasetName of the dataset
     * @param datasetDigest of the dataset
     */
    public record Origin(String modelId, String datasetName, String datasetDigest) {}

    public Metric {
        Limits.checkMetric(key, timestampMillis);
    }

    /** A value measured now. */
    public static Metric of(String key, double value, long step) {
        return new Metric(key, value, System.currentTimeMillis(), step, Optional.empty());
    }

    public static Metric of(String key, double value, long timestampMillis, long step) {
        return new Metric(key, value, timestampMillis, step, Optional.empty());
    }
}
