package dev.arclight.torch;

/** Hears of each epoch, once and in order, while training goes on. */
@FunctionalInterface
public interface EpochListener {
    /** Hears nothing. */
    EpochListener NONE = epoch -> {};

    /**
     * An epoch is over. Called on a thread of Spark's, some seconds later: executors report with their heartbeats. What
     * it throws is thrown by {@code fit} once the training is over.
     */
    void epoch(Epoch epoch);
}
