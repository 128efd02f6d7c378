package dev.arclight.tune;

import java.io.Serializable;
import java.util.function.Function;

/** How one trial ended. */
public sealed interface Outcome extends Serializable {
    /**
     * The objective returned.
     *
     * @param value what it returned, finite
     */
    record Completed(double value) implements Outcome {}

    /**
     * The pruner gave the trial up.
     *
     * @param step the last step reported
     * @param value what was reported there
     */
    record Pruned(int step, double value) implements Outcome {}

    /**
     * The objective threw, returned no finite number, or took too long.
     *
     * @param reason one sentence
     */
    record Failed(String reason) implements Outcome {}

    /** Calls the function of the case at hand. A new case adds a parameter, so every caller stops compiling. */
    default <T> T fold(Function<Completed, T> completed, Function<Pruned, T> pruned, Function<Failed, T> failed) {
        if (this instanceof Completed c) {
            return completed.apply(c);
        }
        if (this instanceof Pruned p) {
            return pruned.apply(p);
        }
        return failed.apply((Failed) this);
    }
}
