package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;

/**
 * How well scores fit labels. Definitions are scikit-learn's ({@code sklearn.metrics}); arrays are not changed; rows
 * are equally weighted. Scores are probabilities of class 1 except where said otherwise.
 *
 * <p>Every method throws {@link ArclightException} BAD_INPUT for arrays of different length or none, for a NaN score
 * and for a label other than 0 and 1; ranking metrics also where only one class occurs.
 */
public final class Metrics {
    private static final double LEAST_PROBABILITY = Math.ulp(1.0);

    private Metrics() {}

    /**
     * A threshold and what it gives.
     *
     * @param threshold rows scored at least this are taken for class 1
     * @param falsePositiveRate share of class 0 taken for class 1
     * @param truePositiveRate share of class 1 taken for class 1
     */
    public record RocPoint(double threshold, double falsePositiveRate, double truePositiveRate) {}

    /** Rows by label and by what they were taken for. */
    public record Confusion(long truePositives, long falsePositives, long trueNegatives, long falseNegatives) {
        /** Share of rows taken for what they are. */
        public double accuracy() {
            long rows = truePositives + falsePositives + trueNegatives + falseNegatives;
            return (double) (truePositives + trueNegatives) / rows;
        }

        /** Share of rows taken for class 1 that are; 0 where none is taken for it. */
        public double precision() {
            long taken = truePositives + falsePositives;
            return taken == 0 ? 0 : (double) truePositives / taken;
        }

        /** Share of class 1 taken for class 1; 0 where there is none. */
        public double recall() {
            long there = truePositives + falseNegatives;
            return there == 0 ? 0 : (double) truePositives / there;
        }
    }

    /**
     * Rows whose scores lie together.
     *
     * @param meanScore mean of their scores
     * @param positiveShare share of class 1 among them
     * @param rows at least 1
     */
    public record CalibrationBin(double meanScore, double positiveShare, long rows) {}

    /**
     * Area under the ROC curve, exact: the chance that a row of class 1 is scored above one of class 0, ties counting
     * half.
     *
     * @param scores any finite or infinite numbers, not only probabilities
     * @param labels 0 or 1
     */
    public static double auc(double[] scores, double[] labels) {
        RankedScores classes = RankedScores.of(scores, labels);
        double[] zeros = classes.zeros();
        double[] ones = classes.ones();
        // Twice the pairs in the right order, so that ties stay whole.
        double pairs = 0;
        int below = 0;
        int notAbove = 0;
        for (double score : ones) {
            while (below < zeros.length && zeros[below] < score) {
                below++;
            }
            notAbove = Math.max(notAbove, below);
            while (notAbove < zeros.length && zeros[notAbove] <= score) {
                notAbove++;
            }
            pairs += (double) below + notAbove;
        }
        return pairs / 2 / ((double) zeros.length * ones.length);
    }

    /** {@link #auc(double[], double[])} of float32 scores, as models give them. */
    public static double auc(float[] scores, float[] labels) {
        return auc(widened(scores), widened(labels));
    }

    /** Area under the precision-recall curve as a step function: scikit-learn's {@code average_precision_score}. */
    public static double averagePrecision(double[] scores, double[] labels) {
        List<long[]> steps = RankedScores.of(scores, labels).steps();
        long[] last = steps.get(steps.size() - 1);
        double area = 0;
        long before = 0;
        for (long[] step : steps) {
            area += (double) (step[1] - before) / last[1] * step[1] / (step[0] + step[1]);
            before = step[1];
        }
        return area;
    }

    /**
     * Mean negative logarithm of the probability given to the true class; probabilities are kept 2.2e-16 away from 0
     * and 1.
     */
    public static double logLoss(double[] scores, double[] labels) {
        requireLabels(scores, labels);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double p = Math.min(Math.max(scores[i], LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
            sum -= labels[i] == 1 ? Math.log(p) : Math.log1p(-p);
        }
        return sum / scores.length;
    }

    /** {@link #logLoss(double[], double[])} of float32 scores, as models give them. */
    public static double logLoss(float[] scores, float[] labels) {
        return logLoss(widened(scores), widened(labels));
    }

    /** Rows by label and by whether they are scored at least {@code threshold}. */
    public static Confusion confusion(double[] scores, double[] labels, double threshold) {
        requireLabels(scores, labels);
        long[] counts = new long[4];
        for (int i = 0; i < scores.length; i++) {
            counts[(scores[i] >= threshold ? 2 : 0) + (labels[i] == 1 ? 1 : 0)]++;
        }
        return new Confusion(counts[3], counts[2], counts[0], counts[1]);
    }

    /** {@link #confusion(double[], double[], double)} of float32 scores, as models give them. */
    public static Confusion confusion(float[] scores, float[] labels, double threshold) {
        return confusion(widened(scores), widened(labels), threshold);
    }

    /** Share of rows on the right side of {@code threshold}. */
    public static double accuracy(float[] scores, float[] labels, double threshold) {
        return confusion(scores, labels, threshold).accuracy();
    }

    /**
     * The ROC curve by falling threshold, one point a distinct score, after (infinity, 0, 0): scikit-learn's
     * {@code roc_curve(drop_intermediate=False)}.
     */
    public static List<RocPoint> roc(double[] scores, double[] labels) {
        RankedScores classes = RankedScores.of(scores, labels);
        List<RocPoint> points = new ArrayList<>();
        points.add(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
        double[] thresholds = classes.thresholds();
        List<long[]> steps = classes.steps();
        for (int i = 0; i < thresholds.length; i++) {
            long[] step = steps.get(i);
            points.add(new RocPoint(
                    thresholds[i],
                    (double) step[0] / classes.zeros().length,
                    (double) step[1] / classes.ones().length));
        }
        return points;
    }

    /** {@link #roc(double[], double[])} of float32 scores, as models give them. */
    public static List<RocPoint> roc(float[] scores, float[] labels) {
        return roc(widened(scores), widened(labels));
    }

    /**
     * Scores in {@code bins} equal parts of [0, 1] against how often class 1 occurs there; parts without rows are left
     * out: scikit-learn's {@code calibration_curve(strategy="uniform")}.
     *
     * @param bins at least 1
     */
    public static List<CalibrationBin> calibration(double[] scores, double[] labels, int bins) {
        requireLabels(scores, labels);
        double[] sums = new double[bins];
        long[] ones = new long[bins];
        long[] rows = new long[bins];
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < 0 || scores[i] > 1) {
                throw ArclightException.badInput("Score %s in row %d is no probability".formatted(scores[i], i));
            }
            // A score on an edge belongs to the part below it.
            int bin = Math.max(0, (int) Math.ceil(scores[i] * bins) - 1);
            sums[bin] += scores[i];
            ones[bin] += labels[i] == 1 ? 1 : 0;
            rows[bin]++;
        }
        List<CalibrationBin> filled = new ArrayList<>();
        for (int b = 0; b < bins; b++) {
            if (rows[b] > 0) {
                filled.add(new CalibrationBin(sums[b] / rows[b], (double) ones[b] / rows[b], rows[b]));
            }
        }
        return filled;
    }

    /** {@link #calibration(double[], double[], int)} of float32 scores, as models give them. */
    public static List<CalibrationBin> calibration(float[] scores, float[] labels, int bins) {
        return calibration(widened(scores), widened(labels), bins);
    }

    /** Square root of the mean squared difference; labels are any finite numbers. */
    public static double rootMeanSquaredError(double[] predictions, double[] labels) {
        requireSameLength(predictions, labels);
        double sum = 0;
        for (int i = 0; i < predictions.length; i++) {
            sum += (predictions[i] - labels[i]) * (predictions[i] - labels[i]);
        }
        return Math.sqrt(sum / predictions.length);
    }

    /** Mean absolute difference; labels are any finite numbers. */
    public static double meanAbsoluteError(double[] predictions, double[] labels) {
        requireSameLength(predictions, labels);
        double sum = 0;
        for (int i = 0; i < predictions.length; i++) {
            sum += Math.abs(predictions[i] - labels[i]);
        }
        return sum / predictions.length;
    }

    static void requireLabels(double[] scores, double[] labels) {
        requireSameLength(scores, labels);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != 0 && labels[i] != 1) {
                throw ArclightException.badInput("Label %s in row %d is neither 0 nor 1".formatted(labels[i], i));
            }
        }
    }

    private static void requireSameLength(double[] scores, double[] labels) {
        if (scores.length != labels.length || scores.length == 0) {
            throw ArclightException.badInput("%d scores for %d labels: one each is needed, and at least one row"
                    .formatted(scores.length, labels.length));
        }
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw ArclightException.badInput("The score in row %d is NaN".formatted(i));
            }
        }
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
