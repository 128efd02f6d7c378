package dev.arclight.tables.profile;

import java.util.List;

/**
 * How often values fall into bins of equal width. Bin i holds {@code edges[i] <= value < edges[i + 1]}, the last one
 * its upper edge too.
 *
 * @param edges ascending, one more than counts
 * @param counts number of values, whole where the column's quantiles are exact, else estimated
 */
public record Histogram(List<Double> edges, List<Double> counts) {
    public Histogram {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
        if (edges.size() != counts.size() + 1) {
            throw new IllegalArgumentException("%d edges for %d bins".formatted(edges.size(), counts.size()));
        }
    }
}
