package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.ml.param.Params;

/**
 * XGBoost's parameters by the names that its library for Spark knows. That has one name for each, not XGBoost's other
 * ones, and passes over what it does not know.
 */
final class SparkNames {
    /** XGBoost's other names: "Parameters for Tree Booster" of its documentation. */
    private static final Map<String, String> OTHERS =
            Map.of("learning_rate", "eta", "min_split_loss", "gamma", "reg_lambda", "lambda", "reg_alpha", "alpha");

    private SparkNames() {}

    /**
     * The parameters by the library's names; the caller's to change.
     *
     * @param booster by XGBoost's names
     * @param library one of the library's estimators
     * @throws ArclightException BAD_INPUT for a parameter that would be passed over, or given by two of its names
     */
    static Map<String, Object> of(Map<String, Object> booster, Params library) {
        Map<String, Object> all = new HashMap<>();
        booster.forEach((name, value) -> {
            String known = OTHERS.getOrDefault(name, name);
            if (!library.hasParam(known) && !library.hasParam(camel(known))) {
                throw ArclightException.badInput(
                        "XGBoost's library for Spark has no parameter '%s', and would train without it: leave it out, or train in one JVM with XGBoostTrainer"
                                .formatted(name));
            }
            if (all.put(known, value) != null) {
                throw ArclightException.badInput(
                        "The parameter '%s' is given twice, by two of its names: leave one out".formatted(known));
            }
        });
        return all;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("_", -1)) {
            camel.append(
                    camel.isEmpty() || word.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }
}
