package dev.arclight.tables.profile;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Co-moments of each two of d numbers, over the rows in which both are finite. Rows in which all are share one set of
 * means; only rows with gaps are kept by pair. Updates and merges as Chan, Golub, LeVeque (1979) and Welford (1962), so
 * that large offsets do not cancel. Not safe for use by many threads.
 */
final class CorrelationSketch {
    private static final int PAIR_FIELDS = 6;

    private final int dimension;
    private long complete;
    private final double[] means;
    private final double[] deltas;
    private final double[] comoments;
    /** By pair: count, mean of first, mean of second, and the three co-moments. */
    private final double[] pairs;

    CorrelationSketch(int dimension) {
        this.dimension = dimension;
        this.means = new double[dimension];
        this.deltas = new double[dimension];
        this.comoments = new double[dimension * dimension];
        this.pairs = new double[dimension * dimension * PAIR_FIELDS];
    }

    /** Adds a row; the array stays the caller's. NaN stands for no value. */
    void add(double[] row) {
        boolean whole = true;
        for (double value : row) {
            whole &= Double.isFinite(value);
        }
        if (!whole) {
            addPairs(row);
            return;
        }
        complete++;
        for (int i = 0; i < dimension; i++) {
            deltas[i] = row[i] - means[i];
            means[i] += deltas[i] / complete;
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                comoments[i * dimension + j] += deltas[i] * (row[j] - means[j]);
            }
        }
    }

    private void addPairs(double[] row) {
        double[] one = new double[PAIR_FIELDS];
        one[0] = 1;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                if (Double.isFinite(row[i]) && Double.isFinite(row[j])) {
                    one[1] = row[i];
                    one[2] = row[j];
                    merge(pairs, (i * dimension + j) * PAIR_FIELDS, one, 0);
                }
            }
        }
    }

    void merge(CorrelationSketch other) {
        if (other.complete > 0) {
            double weight = (double) complete * other.complete / (complete + other.complete);
            for (int i = 0; i < dimension; i++) {
                for (int j = i; j < dimension; j++) {
                    int at = i * dimension + j;
                    comoments[at] +=
                            other.comoments[at] + (other.means[i] - means[i]) * (other.means[j] - means[j]) * weight;
                }
            }
            complete += other.complete;
            for (int i = 0; i < dimension; i++) {
                means[i] += (other.means[i] - means[i]) * other.complete / complete;
            }
        }
        for (int at = 0; at < pairs.length; at += PAIR_FIELDS) {
            merge(pairs, at, other.pairs, at);
        }
    }

    private static void merge(double[] into, int at, double[] from, int fromAt) {
        double n = into[at];
        double m = from[fromAt];
        if (m == 0) {
            return;
        }
        double weight = n * m / (n + m);
        double first = from[fromAt + 1] - into[at + 1];
        double second = from[fromAt + 2] - into[at + 2];
        into[at] = n + m;
        into[at + 1] += first * m / (n + m);
        into[at + 2] += second * m / (n + m);
        into[at + 3] += from[fromAt + 3] + first * first * weight;
        into[at + 4] += from[fromAt + 4] + second * second * weight;
        into[at + 5] += from[fromAt + 5] + first * second * weight;
    }

    /** Pearson's correlation of two of the numbers; NaN where one does not vary. */
    double correlation(int a, int b) {
        int i = Math.min(a, b);
        int j = Math.max(a, b);
        double[] both = {
            complete,
            means[i],
            means[j],
            comoments[i * dimension + i],
            comoments[j * dimension + j],
            comoments[i * dimension + j]
        };
        merge(both, 0, pairs, (i * dimension + j) * PAIR_FIELDS);
        double scale = Math.sqrt(both[3]) * Math.sqrt(both[4]);
        if (!(scale > 0)) {
            return Double.NaN;
        }
        return a == b ? 1 : Math.max(-1, Math.min(1, both[5] / scale));
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(dimension);
        out.writeLong(complete);
        for (double[] array : new double[][] {means, comoments, pairs}) {
            for (double value : array) {
                out.writeDouble(value);
            }
        }
    }

    static CorrelationSketch readFrom(DataInputStream in) throws IOException {
        CorrelationSketch sketch = new CorrelationSketch(in.readInt());
        sketch.complete = in.readLong();
        for (double[] array : new double[][] {sketch.means, sketch.comoments, sketch.pairs}) {
            for (int i = 0; i < array.length; i++) {
                array[i] = in.readDouble();
            }
        }
        return sketch;
    }
}
