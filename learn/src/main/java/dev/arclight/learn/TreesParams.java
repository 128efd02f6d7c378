package dev.arclight.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The Spark ML params that {@link XGBoostEstimator} and {@link XGBoostModel} share, and those of the former. */
final class TreesParams {
    private static final JsonMapper JSON = new JsonMapper();

    final StringArrayParam features;
    final Param<String> label;
    final Param<String> validation;
    final Param<String> output;
    final Param<String> booster;
    final IntParam rounds;
    final IntParam earlyStopping;
    final IntParam workers;

    TreesParams(Params owner) {
        features = new StringArrayParam(owner, "features", "input columns, in the order of the model's features");
        label = new Param<>(owner, "label", "column of labels");
        validation = new Param<>(owner, "validation", "boolean column that marks rows to validate on; empty for none");
        output = new Param<>(owner, "output", "column of predictions");
        booster = new Param<>(owner, "booster", "XGBoost's own parameters as a JSON object");
        rounds = new IntParam(owner, "rounds", "most boosting rounds");
        earlyStopping = new IntParam(owner, "earlyStopping", "rounds without gain after which training ends; 0: never");
        workers = new IntParam(owner, "workers", "tasks that train together");
    }

    static String json(Map<String, Object> booster) {
        try {
            return JSON.writeValueAsString(booster);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not numbers, booleans or strings: " + booster, e);
        }
    }

    static Map<String, Object> map(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a JSON object: " + json, e);
        }
    }

    static List<String> list(String[] names) {
        return List.of(Objects.requireNonNull(names));
    }
}
