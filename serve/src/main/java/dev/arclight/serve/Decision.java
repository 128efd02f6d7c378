package dev.arclight.serve;

import dev.arclight.base.ArclightException;

/**
 * From which score on a row is labelled 1.
 *
 * @param threshold any finite number; scores are compared with it as the float32 numbers that callers see
 */
public record Decision(double threshold) {
    public Decision {
        if (!Double.isFinite(threshold)) {
            throw ArclightException.badInput("A threshold is a number, not " + threshold);
        }
    }

    /**
     * The threshold on calibrated probabilities that costs least on average: {@code falsePositive / (falsePositive +
     * falseNegative)} (Elkan, The Foundations of Cost-Sensitive Learning, 2001, equation 2, with correct answers free).
     *
     * @param falsePositive what it costs to label a row 1 that is 0; above 0
     * @param falseNegative what it costs to label a row 0 that is 1; above 0
     */
    public static Decision ofCosts(double falsePositive, double falseNegative) {
        if (!(falsePositive > 0) || !(falseNegative > 0)) {
            throw ArclightException.badInput(
                    "Costs are above 0, not %s and %s".formatted(falsePositive, falseNegative));
        }
        return new Decision(falsePositive / (falsePositive + falseNegative));
    }

    /** 1 where the score reaches the threshold, else 0. */
    int label(float score) {
        return score >= (float) threshold ? 1 : 0;
    }
}
