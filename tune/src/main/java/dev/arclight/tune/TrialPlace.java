package dev.arclight.tune;

/** Where trials run. Called by as many threads as trials run at the same time, each of which waits for its trial. */
@FunctionalInterface
public interface TrialPlace {
    /** On the thread that asks, in this process: the default. */
    TrialPlace HERE = (order, objective) -> order.perform(objective);

    /**
     * Has one trial run to its end. An interrupt of the calling thread ends it.
     *
     * @return how it ended, also if the objective threw
     * @throws Exception if the place fails: the trial is recorded as failed, the study goes on
     */
    TrialEnd run(TrialOrder order, Objective objective) throws Exception;
}
