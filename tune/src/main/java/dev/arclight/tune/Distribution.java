package dev.arclight.tune;

import java.util.List;

/**
 * What values a parameter may take and how likely each is before anything is known. Names and meanings are Hyperopt's
 * (the {@code hp.*} expressions) for {@link Uniform} and {@link Normal}, Optuna's ({@code suggest_int}) for
 * {@link IntegerRange}.
 */
public sealed interface Distribution {
    /**
     * Hyperopt's {@code uniform}, {@code loguniform}, {@code quniform} and {@code qloguniform}: u is uniform in
     * [{@code low}, {@code high}], x is u, or exp(u) if {@code log}, rounded to the nearest multiple of {@code step}
     * (half to even) if that is not 0. Values are {@link Double}s.
     *
     * @param low least u; with {@code log} this is the natural logarithm of the least value
     * @param high greatest u, at least {@code low}
     * @param step 0 for none
     * @param log whether values are exp(u)
     */
    record Uniform(double low, double high, double step, boolean log) implements Distribution {
        public Uniform {
            if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
                throw new IllegalArgumentException(
                        "low must be at most high and both finite, but low is %s and high is %s".formatted(low, high));
            }
            requireStep(step);
        }
    }

    /**
     * Hyperopt's {@code normal}, {@code lognormal}, {@code qnormal} and {@code qlognormal}: as {@link Uniform}, with u
     * normally distributed. Values are {@link Double}s, without bounds.
     *
     * @param mean of u
     * @param deviation standard deviation of u, above 0
     * @param step 0 for none
     * @param log whether values are exp(u)
     */
    record Normal(double mean, double deviation, double step, boolean log) implements Distribution {
        public Normal {
            if (!(deviation > 0) || Double.isInfinite(deviation) || Double.isNaN(mean) || Double.isInfinite(mean)) {
                throw new IllegalArgumentException(
                        "mean must be finite and deviation above 0, but they are %s and %s".formatted(mean, deviation));
            }
            requireStep(step);
        }
    }

    /**
     * Optuna's {@code suggest_int}: a whole number from {@code low} to {@code high}, both included, each as likely as
     * the others, or uniform in the logarithm if {@code log}. Values are {@link Long}s.
     *
     * @param low at least 1 if {@code log}
     * @param high at least {@code low}
     * @param log whether small numbers are looked at more closely
     */
    record IntegerRange(long low, long high, boolean log) implements Distribution {
        public IntegerRange {
            if (low > high || (log && low < 1)) {
                throw new IllegalArgumentException("low must be at most high%s, but low is %d and high is %d"
                        .formatted(log ? " and at least 1" : "", low, high));
            }
        }
    }

    /**
     * One of several options, each as likely as the others.
     *
     * @param options strings, numbers or booleans, at least one, no two equal
     */
    record Choice(List<Object> options) implements Distribution {
        public Choice {
            options = List.copyOf(options);
            if (options.isEmpty() || options.stream().distinct().count() != options.size()) {
                throw new IllegalArgumentException(
                        "A choice needs at least one option and no two equal, but has " + options);
            }
            for (Object option : options) {
                if (!(option instanceof String || option instanceof Number || option instanceof Boolean)) {
                    throw new IllegalArgumentException("An option is a string, a number or a boolean, not a "
                            + option.getClass().getName());
                }
            }
        }
    }

    private static void requireStep(double step) {
        if (!(step >= 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("step must be 0 or above, but is " + step);
        }
    }
}
