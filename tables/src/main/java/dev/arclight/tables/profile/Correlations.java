package dev.arclight.tables.profile;

import java.util.List;

/**
 * Pearson's correlation of each two numeric columns, over the rows in which both have finite values.
 *
 * @param columns names, in the order of the table
 * @param matrix symmetric, one row per column; NaN where a column does not vary
 */
public record Correlations(List<String> columns, List<List<Double>> matrix) {
    public Correlations {
        columns = List.copyOf(columns);
        matrix = matrix.stream().map(List::copyOf).toList();
    }
}
