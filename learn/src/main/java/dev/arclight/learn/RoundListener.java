package dev.arclight.learn;

/** Hears of each boosting round. What it throws ends the training and reaches the caller. */
@FunctionalInterface
public interface RoundListener {
    /** Hears nothing. */
    RoundListener NONE = (round, value) -> {};

    /**
     * A round is over.
     *
     * @param round 0 for the first
     * @param value the validation metric after it
     */
    void round(int round, double value);
}
