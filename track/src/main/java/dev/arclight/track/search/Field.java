package dev.arclight.track.search;

/**
 * What a filter or an order looks at.
 *
 * @param key such as {@code auc} of {@code metrics.auc}; an attribute's canonical name
 */
public record Field(Kind kind, String key) {
    /** What a field belongs to. */
    public enum Kind {
        METRIC,
        PARAM,
        TAG,
        ATTRIBUTE,
        DATASET
    }
}
