package dev.arclight.learn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How trees are grown. Immutable: each {@code with} returns a new object.
 *
 * @param booster XGBoost's own parameters by its own names ({@code max_depth}, {@code learning_rate}, ...); numbers,
 *     booleans or strings; doubles without a fraction become longs
 * @param rounds most boosting rounds, at least 1
 * @param earlyStoppingRounds training ends when so many rounds in a row brought nothing better on the validation data;
 *     0 for never
 */
public record XGBoostParams(Map<String, Object> booster, int rounds, int earlyStoppingRounds) {
    private static final Set<String> HIGHER_IS_BETTER = Set.of("auc", "aucpr", "map", "ndcg", "pre", "ams");

    public XGBoostParams {
        Map<String, Object> plain = new TreeMap<>();
        booster.forEach((name, value) -> plain.put(name, plain(value)));
        booster = Collections.unmodifiableMap(plain);
        if (rounds < 1 || earlyStoppingRounds < 0) {
            throw new IllegalArgumentException(
                    "rounds=%d earlyStoppingRounds=%d".formatted(rounds, earlyStoppingRounds));
        }
    }

    /**
     * Boosting for two classes: {@code binary:logistic}, AUC on the validation data, histograms, one thread, at most
     * 1,000 rounds, early stopping after 50.
     */
    public static XGBoostParams binary() {
        return new XGBoostParams(
                Map.of(
                        "objective", "binary:logistic",
                        "eval_metric", "auc",
                        "tree_method", "hist",
                        "nthread", 1,
                        "seed", 0),
                1000,
                50);
    }

    /**
     * A random forest for two classes as XGBoost grows it: one round of {@code trees} parallel trees, each on a sample
     * of the rows and each split on a sample of the columns. A leaf holds the share of class 1 among its rows and the
     * forest gives the mean over its trees, so predictions are probabilities (squared error of labels 0 and 1 splits as
     * Gini impurity does).
     *
     * @param trees at least 1
     */
    public static XGBoostParams forest(int trees) {
        return new XGBoostParams(
                Map.ofEntries(
                        Map.entry("objective", "reg:squarederror"),
                        Map.entry("base_score", 0),
                        Map.entry("eval_metric", "auc"),
                        Map.entry("num_parallel_tree", trees),
                        Map.entry("learning_rate", 1),
                        Map.entry("subsample", 0.8),
                        Map.entry("colsample_bynode", 0.3),
                        Map.entry("max_depth", 12),
                        Map.entry("min_child_weight", 2),
                        Map.entry("reg_lambda", 0),
                        Map.entry("tree_method", "hist"),
                        Map.entry("nthread", 1),
                        Map.entry("seed", 0)),
                1,
                0);
    }

    /** Sets one of XGBoost's parameters. */
    public XGBoostParams with(String name, Object value) {
        return with(Map.of(name, value));
    }

    /** Sets XGBoost's parameters. */
    public XGBoostParams with(Map<String, ?> more) {
        Map<String, Object> all = new LinkedHashMap<>(booster);
        all.putAll(more);
        return new XGBoostParams(all, rounds, earlyStoppingRounds);
    }

    /** Seed of row and column samples; without sampling it changes nothing. */
    public XGBoostParams seed(long seed) {
        return with("seed", seed);
    }

    public XGBoostParams rounds(int most) {
        return new XGBoostParams(booster, most, earlyStoppingRounds);
    }

    public XGBoostParams earlyStopping(int rounds) {
        return new XGBoostParams(booster, this.rounds, rounds);
    }

    /** Whether greater values of the metric are better. */
    boolean isHigherBetter() {
        String objective = String.valueOf(booster.getOrDefault("objective", ""));
        // Where none is set, rankings are judged by ndcg or map, all else by an error or a loss.
        String metric =
                String.valueOf(booster.getOrDefault("eval_metric", objective.startsWith("rank:") ? "ndcg" : ""));
        return metric.equals("interval-regression-accuracy")
                || HIGHER_IS_BETTER.contains(metric.replaceFirst("[@-].*", "")); // ndcg@5-: of the first 5, none is 0
    }

    // XGBoost refuses "5.0" for a whole number such as max_depth, and takes "5" for any number.
    private static Object plain(Object value) {
        return value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1e15
                ? (Object) real.longValue()
                : value;
    }
}
