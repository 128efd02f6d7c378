package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores of each of two classes, rising: what ranking metrics are worked out from. */
final class RankedScores {
    private final double[] zeros;
    private final double[] ones;

    private RankedScores(double[] zeros, double[] ones) {
        this.zeros = zeros;
        this.ones = ones;
    }

    static RankedScores of(double[] scores, double[] labels) {
        Metrics.requireLabels(scores, labels);
        int positives = (int) Arrays.stream(labels).sum();
        if (positives == 0 || positives == labels.length) {
            throw ArclightException.badInput("All %d labels are %d: rows cannot be ranked by class"
                    .formatted(labels.length, positives == 0 ? 0 : 1));
        }
        double[] zeros = new double[labels.length - positives];
        double[] ones = new double[positives];
        int zero = 0;
        int one = 0;
        for (int i = 0; i < labels.length; i++) {
            double score = scores[i] + 0.0; // -0.0 and 0.0 are a tie, but would be sorted apart
            if (labels[i] == 1) {
                ones[one++] = score;
            } else {
                zeros[zero++] = score;
            }
        }
        Arrays.sort(zeros);
        Arrays.sort(ones);
        return new RankedScores(zeros, ones);
    }

    /** Of class 0; not a copy. */
    double[] zeros() {
        return zeros;
    }

    /** Of class 1; not a copy. */
    double[] ones() {
        return ones;
    }

    /** Distinct scores, falling. */
    double[] thresholds() {
        double[] all = Arrays.copyOf(zeros, zeros.length + ones.length);
        System.arraycopy(ones, 0, all, zeros.length, ones.length);
        double[] rising = Arrays.stream(all).distinct().sorted().toArray();
        double[] falling = new double[rising.length];
        for (int i = 0; i < rising.length; i++) {
            falling[i] = rising[rising.length - 1 - i];
        }
        return falling;
    }

    /** For each threshold: rows of class 0 and of class 1 scored at least that. */
    List<long[]> steps() {
        List<long[]> steps = new ArrayList<>();
        int zero = zeros.length;
        int one = ones.length;
        for (double threshold : thresholds()) {
            while (zero > 0 && zeros[zero - 1] >= threshold) {
                zero--;
            }
            while (one > 0 && ones[one - 1] >= threshold) {
                one--;
            }
            steps.add(new long[] {zeros.length - zero, ones.length - one});
        }
        return steps;
    }
}
