package dev.arclight.tables.profile;

import java.util.Map;

/**
 * The rows that share one value of the grouping column.
 *
 * @param value that they share, as text
 * @param rows how many
 * @param columns five-number summary of each numeric column that has a finite value there, by name
 */
public record GroupProfile(String value, long rows, Map<String, Quantiles> columns) {
    public GroupProfile {
        columns = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(columns));
    }
}
