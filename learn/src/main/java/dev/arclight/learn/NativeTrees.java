package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** What the native XGBoost library says of a model file. Native memory is freed on all paths. */
final class NativeTrees {
    private NativeTrees() {}

    static float[] predict(byte[] model, Matrix rows) {
        return with(model, booster -> {
            DMatrix data = dense(rows);
            try {
                float[][] predicted = booster.predict(data);
                float[] flat = new float[predicted.length];
                for (int r = 0; r < flat.length; r++) {
                    flat[r] = predicted[r][0];
                }
                return flat;
            } finally {
                data.dispose();
            }
        });
    }

    static List<FeatureImportance> importances(byte[] model, List<String> features) {
        return with(model, booster -> {
            String[] names = features.toArray(String[]::new);
            Map<String, Double> gain = booster.getScore(names, "total_gain");
            Map<String, Double> cover = booster.getScore(names, "total_cover");
            Map<String, Integer> weight = booster.getFeatureScore(names);
            double gains = gain.values().stream().mapToDouble(v -> v).sum();
            double covers = cover.values().stream().mapToDouble(v -> v).sum();
            double weights = weight.values().stream().mapToDouble(v -> v).sum();
            List<FeatureImportance> all = new ArrayList<>();
            for (String name : features) {
                all.add(new FeatureImportance(
                        name,
                        share(gain.getOrDefault(name, 0.0), gains),
                        share(cover.getOrDefault(name, 0.0), covers),
                        share(weight.getOrDefault(name, 0), weights)));
            }
            all.sort(Comparator.comparingDouble(FeatureImportance::gain).reversed());
            return all;
        });
    }

    /** A native copy of {@code rows}; the caller disposes of it. */
    static DMatrix dense(Matrix rows) throws XGBoostError {
        DMatrix data = new DMatrix(rows.values(), rows.rows(), rows.columns().size(), Float.NaN);
        try {
            data.setFeatureNames(rows.columns().toArray(String[]::new));
            return data;
        } catch (XGBoostError e) {
            data.dispose();
            throw e;
        }
    }

    static ArclightException failed(String what, Exception cause) {
        String message = String.valueOf(cause.getMessage());
        String first = message.lines().filter(l -> !l.isBlank()).findFirst().orElse(message);
        return new ArclightException(ErrorCode.BAD_INPUT, "XGBoost could not %s: %s".formatted(what, first), cause);
    }

    private interface Use<T> {
        T of(Booster booster) throws XGBoostError;
    }

    private static <T> T with(byte[] model, Use<T> use) {
        try {
            Booster booster = XGBoost.loadModel(model);
            try {
                booster.setParam("nthread", 1);
                return use.of(booster);
            } finally {
                booster.dispose();
            }
        } catch (XGBoostError | IOException e) {
            throw failed("use the model", e);
        }
    }

    private static double share(double value, double total) {
        return total > 0 ? value / total : 0;
    }
}
