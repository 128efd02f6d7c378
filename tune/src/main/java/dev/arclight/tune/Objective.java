package dev.arclight.tune;

import java.io.Serializable;

/**
 * What a study optimises. Called by several threads at once, one for each running trial; where trials run in other
 * processes, what it refers to must be serializable, too.
 */
@FunctionalInterface
public interface Objective extends Serializable {
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
