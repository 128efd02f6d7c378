package dev.arclight.tune;

/** What a study optimises. Called by several threads at once, one for each running trial. */
@FunctionalInterface
public interface Objective {
    /**
     * Tries one set of parameters.
     *
     * @param trial what to try; valid during this call, on this thread
     * @return the value reached, finite
     * @throws TrialPruned from {@link Trial#report}: let it pass
     * @throws Exception anything else: the trial is recorded as failed, the study goes on
     */
    double run(Trial trial) throws Exception;
}
