package dev.arclight.tune;

import dev.arclight.tune.FinishedTrial.Report;
import java.io.Serializable;
import java.util.List;

/**
 * Gives up trials that fall behind. Immutable and without state: a verdict depends on what the trial reported so far
 * and on the trials that its suggestion was made from (those at least the study's lag older). Trials that happen to run
 * at the same time do not count, so a study with a pruner is as reproducible as one without.
 */
public abstract sealed class Pruner implements Serializable permits AshaPruner, MedianPruner, NoPruner {
    Pruner() {}

    /** Lets every trial run to its end. The default. */
    public static Pruner none() {
        return new NoPruner();
    }

    /**
     * Gives up a trial whose best report so far is worse than the median of earlier completed trials' reports at the
     * same step (Golovin et al. 2017, "Google Vizier", section 3.3.2, by Optuna's rule).
     *
     * @param startUpTrials so many trials must have completed before any is given up
     * @param warmUpSteps no trial is given up before this step
     */
    public static Pruner median(int startUpTrials, int warmUpSteps) {
        return new MedianPruner(startUpTrials, warmUpSteps);
    }

    /**
     * Asynchronous successive halving (Li et al. 2020, "A system for massively parallel hyperparameter tuning",
     * algorithm 2, in the form that decides when a trial reaches a rung): at steps {@code leastSteps} times powers of
     * {@code reduction}, a trial goes on if its best report so far is among the best 1/{@code reduction} of the trials
     * that got there.
     *
     * @param leastSteps what every trial may do before it is judged, at least 1
     * @param reduction at least 2
     */
    public static Pruner asha(int leastSteps, int reduction) {
        return new AshaPruner(leastSteps, reduction);
    }

    /**
     * Whether to give up.
     *
     * @param reports of the running trial, the last one just made
     * @param known earlier trials, as they ended
     */
    abstract boolean gives(List<Report> reports, List<FinishedTrial> known, Direction direction);

    /** The lowest loss reported up to and including {@code step}; NaN reports count as the worst. */
    static double bestLoss(List<Report> reports, int step, Direction direction) {
        double best = Double.POSITIVE_INFINITY;
        for (Report report : reports) {
            double loss = direction.loss(report.value());
            if (report.step() <= step && loss < best) {
                best = loss;
            }
        }
        return best;
    }
}
