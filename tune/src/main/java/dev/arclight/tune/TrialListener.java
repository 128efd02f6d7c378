package dev.arclight.tune;

import java.util.Map;

/**
 * Hears of trials as they start and end. Called on the trial's own thread, so for different trials at the same time;
 * what it throws ends the study.
 */
public interface TrialListener {
    /**
     * A trial is about to run.
     *
     * @param number 0 for the first
     * @param parameters what it will try
     */
    default void started(int number, Map<String, Object> parameters) {}

    /** A trial was stopped with its study (Ctrl-C): there is no outcome. */
    default void stopped(int number) {}

    /** A trial ended, whichever way. */
    default void finished(FinishedTrial trial) {}
}
