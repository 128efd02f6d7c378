package dev.arclight.torch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How the learning rate changes from epoch to epoch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Schedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = Schedule.Steps.class, name = "steps"),
    @JsonSubTypes.Type(value = Schedule.Cosine.class, name = "cosine")
})
public sealed interface Schedule {
    /** Always the optimiser's. */
    static Schedule constant() {
        return new Constant();
    }

    /** {@code StepLR}: multiplied by {@code factor} after every {@code epochs} epochs. */
    static Schedule steps(int epochs, double factor) {
        return new Steps(epochs, factor);
    }

    /** {@code CosineAnnealingLR} over all epochs, down to {@code lowest}. */
    static Schedule cosine(double lowest) {
        return new Cosine(lowest);
    }

    /**
     * The rate of one epoch.
     *
     * @param base the optimiser's
     * @param epoch 0 for the first
     * @param epochs how many there are at most
     */
    default double rate(double base, int epoch, int epochs) {
        if (this instanceof Steps steps) {
            return base * Math.pow(steps.factor(), Math.floorDiv(epoch, steps.epochs()));
        }
        if (this instanceof Cosine cosine) {
            return cosine.lowest() + (base - cosine.lowest()) * (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
        }
        return base;
    }

    /** See {@link #constant}. */
    record Constant() implements Schedule {}

    /**
     * See {@link #steps}.
     *
     * @param epochs at least 1
     */
    record Steps(int epochs, double factor) implements Schedule {
        public Steps {
            if (epochs < 1 || !(factor > 0)) {
                throw new IllegalArgumentException("Steps of %d epochs by the factor %s".formatted(epochs, factor));
            }
        }
    }

    /**
     * See {@link #cosine}.
     *
     * @param lowest at least 0
     */
    record Cosine(double lowest) implements Schedule {
        public Cosine {
            if (!(lowest >= 0)) {
                throw new IllegalArgumentException("A lowest learning rate of " + lowest);
            }
        }
    }
}
