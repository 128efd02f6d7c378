package dev.arclight.serve;

import java.util.Arrays;

/**
 * How each feature of some rows is distributed: over up to ten bins of equal shares between quantiles, and one for
 * missing values. Immutable.
 */
final class FeatureProfile {
    private static final int BINS = 10;

    private final float[][] edges;
    private final double[][] shares;
    private final int rows;

    private FeatureProfile(float[][] edges, double[][] shares, int rows) {
        this.edges = edges;
        this.shares = shares;
        this.rows = rows;
    }

    /** @param rows at least one */
    static FeatureProfile of(Rows rows) {
        float[][] edges = new float[rows.width()][];
        for (int feature = 0; feature < edges.length; feature++) {
            edges[feature] = edges(rows, feature);
        }
        FeatureProfile bins = new FeatureProfile(edges, new double[0][], 0);
        long[][] counts = bins.counts();
        bins.count(rows, counts);
        return new FeatureProfile(edges, shares(counts), rows.count());
    }

    private static float[] edges(Rows rows, int feature) {
        float[] values = new float[rows.count()];
        int present = 0;
        for (int row = 0; row < values.length; row++) {
            float value = rows.values()[row * rows.width() + feature];
            if (!Float.isNaN(value)) {
                values[present++] = value + 0f; // -0 becomes 0
            }
        }
        Arrays.sort(values, 0, present);
        float[] edges = new float[BINS - 1];
        int distinct = 0;
        for (int k = 1; k < BINS && present > 0; k++) {
            float edge = values[(int) ((long) k * present / BINS)];
            if (distinct == 0 || edges[distinct - 1] != edge) {
                edges[distinct++] = edge;
            }
        }
        return Arrays.copyOf(edges, distinct);
    }

    /** Rows that it was made of. */
    int rows() {
        return rows;
    }

    /** Where the bins of a feature meet, ascending: a value equal to an edge lies above it. */
    float[] edges(int feature) {
        return edges[feature].clone();
    }

    /** The share of rows in each bin, ascending, then that of the missing values. */
    double[] shares(int feature) {
        return shares[feature].clone();
    }

    /** Zeros, for {@link #count}: a place for each bin of each feature. */
    long[][] counts() {
        long[][] counts = new long[edges.length][];
        Arrays.setAll(counts, feature -> new long[edges[feature].length + 2]);
        return counts;
    }

    /** Adds rows to counts. */
    void count(Rows rows, long[][] counts) {
        float[] values = rows.values();
        for (int row = 0, at = 0; row < rows.count(); row++) {
            for (int feature = 0; feature < edges.length; feature++, at++) {
                counts[feature][bin(edges[feature], values[at])]++;
            }
        }
    }

    private static int bin(float[] edges, float value) {
        if (Float.isNaN(value)) {
            return edges.length + 1;
        }
        int found = Arrays.binarySearch(edges, value + 0f); // -0 becomes 0
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** Counts as shares of their sum. */
    static double[][] shares(long[][] counts) {
        double[][] shares = new double[counts.length][];
        for (int feature = 0; feature < counts.length; feature++) {
            double sum = Math.max(1, Arrays.stream(counts[feature]).sum());
            shares[feature] = Arrays.stream(counts[feature])
                    .mapToDouble(count -> count / sum)
                    .toArray();
        }
        return shares;
    }
}
