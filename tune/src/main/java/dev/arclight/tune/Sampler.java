package dev.arclight.tune;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Chooses the parameters of the next trial. Immutable and without state: a suggestion depends on the space, on what is
 * known of earlier trials and on the random numbers given, on nothing else.
 */
public abstract sealed class Sampler permits GridSampler, ListedSampler, RandomSampler, TpeSampler {
    Sampler() {}

    /** Draws from the space's own distributions, learning nothing. */
    public static Sampler random() {
        return new RandomSampler();
    }

    /**
     * Repeats given trials, such as those of an earlier study.
     *
     * @param trials a value for each parameter of the space (which has no conditions); trial k takes the k-th
     */
    public static Sampler listed(List<Map<String, Object>> trials) {
        return new ListedSampler(trials);
    }

    /**
     * Every combination of evenly spaced values, ends included, the last parameter changing fastest.
     *
     * @param points how many values of each numeric parameter, fewer where it has fewer; choices take all their options
     */
    public static Sampler grid(int points) {
        return new GridSampler(points);
    }

    /** Tree-structured Parzen estimator over all parameters together, as Optuna's multivariate form. The default. */
    public static Sampler tpe() {
        return new TpeSampler(TpeSettings.MULTIVARIATE);
    }

    /** Tree-structured Parzen estimator, each parameter by itself, with Hyperopt's settings. */
    public static Sampler univariateTpe() {
        return new TpeSampler(TpeSettings.UNIVARIATE);
    }

    /**
     * The parameters of trial {@code number}, conditional ones only where their condition holds, in the order of the
     * space.
     */
    abstract Map<String, Object> suggest(SearchSpace space, History history, int number, SplittableRandom random);
}
