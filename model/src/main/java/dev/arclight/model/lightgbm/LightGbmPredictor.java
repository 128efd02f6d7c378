package dev.arclight.model.lightgbm;

import dev.arclight.model.Predictor;
import java.util.Arrays;
import java.util.List;

/** Walks the trees row by row and adds up in double, in LightGBM's order. */
final class LightGbmPredictor implements Predictor {
    private final int features;
    private final int classes;
    private final double iterations;
    private final boolean averaged;
    private final LightGbmObjective objective;
    private final LightGbmTree[] trees;

    LightGbmPredictor(
            int features, int classes, boolean averaged, LightGbmObjective objective, List<LightGbmTree> trees) {
        this.features = features;
        this.classes = classes;
        this.averaged = averaged;
        this.iterations = Math.max(1, trees.size() / classes);
        this.objective = objective;
        this.trees = trees.toArray(LightGbmTree[]::new);
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public int outputs() {
        return classes;
    }

    @Override
    public int marginOutputs() {
        return classes;
    }

    @Override
    public void predict(float[] rows, int rowCount, float[] into) {
        score(rows, rowCount, into, true);
    }

    @Override
    public void margins(float[] rows, int rowCount, float[] into) {
        score(rows, rowCount, into, false);
    }

    private void score(float[] rows, int rowCount, float[] into, boolean transformed) {
        if (rowCount < 0 || (long) rowCount * features > rows.length || (long) rowCount * classes > into.length) {
            throw new IllegalArgumentException(
                    "Arrays too short: %d rows of %d features in %d floats, %d outputs each into %d floats"
                            .formatted(rowCount, features, rows.length, classes, into.length));
        }
        double[] scores = new double[classes];
        for (int row = 0; row < rowCount; row++) {
            Arrays.fill(scores, 0);
            for (int i = 0; i < trees.length; i++) {
                scores[i % classes] += trees[i].value(rows, row * features);
            }
            if (averaged && transformed) { // raw scores of a forest are sums, also in Python
                for (int i = 0; i < classes; i++) {
                    scores[i] /= iterations;
                }
            }
            if (transformed) {
                objective.transform(scores);
            }
            for (int i = 0; i < classes; i++) {
                into[row * classes + i] = (float) scores[i];
            }
        }
    }

    @Override
    public String toString() {
        return "LightGbmPredictor[%s, %d trees, %d features]".formatted(objective.name(), trees.length, features);
    }
}
