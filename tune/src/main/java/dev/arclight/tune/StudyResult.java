package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a study found.
 *
 * @param metric name of what was optimised
 * @param direction which values are better
 * @param trials all, by number
 * @param wallSeconds from the first suggestion to the end of the last trial
 * @param kept what the best trial gave to {@link Trial#keep}, or null
 */
public record StudyResult(
        String metric,
        Direction direction,
        List<FinishedTrial> trials,
        double wallSeconds,
        @Nullable Object kept) {
    public StudyResult {
        trials = List.copyOf(trials);
    }

    /**
     * The completed trial with the best value; of equals the first.
     *
     * @throws ArclightException BAD_STATE if no trial completed; cannot happen with a result that {@link Study#run}
     *     returned
     */
    public FinishedTrial best() {
        return bestOf(trials).orElseThrow(() -> new ArclightException(ErrorCode.BAD_STATE, "No trial completed"));
    }

    /** The value of {@link #best()}. */
    public double bestValue() {
        return best().value().orElseThrow();
    }

    /** For each trial the best value of it and those before it; empty before the first completed one. */
    public List<OptionalDouble> bestSoFar() {
        List<OptionalDouble> curve = new java.util.ArrayList<>();
        OptionalDouble best = OptionalDouble.empty();
        for (FinishedTrial trial : trials) {
            OptionalDouble value = trial.value();
            if (value.isPresent()
                    && (best.isEmpty() || direction.loss(value.getAsDouble()) < direction.loss(best.getAsDouble()))) {
                best = value;
            }
            curve.add(best);
        }
        return curve;
    }

    /** What the best trial gave to {@link Trial#keep}, if it gave something of this type. */
    public <T> Optional<T> kept(Class<T> type) {
        return type.isInstance(kept) ? Optional.of(type.cast(kept)) : Optional.empty();
    }

    private Optional<FinishedTrial> bestOf(List<FinishedTrial> candidates) {
        FinishedTrial best = null;
        for (FinishedTrial trial : candidates) {
            if (trial.value().isPresent()
                    && (best == null
                            || direction.loss(trial.value().getAsDouble())
                                    < direction.loss(best.value().orElseThrow()))) {
                best = trial;
            }
        }
        return Optional.ofNullable(best);
    }
}
