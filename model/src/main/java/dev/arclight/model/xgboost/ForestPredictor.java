package dev.arclight.model.xgboost;

import dev.arclight.model.Predictor;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of a row's leaves, transformed as its objective says. The sum is made in XGBoost's order (base score, then
 * tree after tree, all in float), so it is the same float, however the forest is evaluated.
 */
final class ForestPredictor implements Predictor {
    private final NumericForest.Sum forest;
    private final int trees;
    private final int features;
    private final int groups;
    private final Objective objective;
    private final float[] base;

    /**
     * @param base margin that each group starts from
     * @param group that each tree adds to
     */
    ForestPredictor(int features, Objective objective, float[] base, List<Tree> trees, int[] group) {
        this.forest = NumericForest.of(features, base, trees, group)
                .<NumericForest.Sum>map(numeric -> numeric::sum)
                .orElseGet(() -> new WalkedForest(features, base, trees, group)::sum);
        this.trees = trees.size();
        this.features = features;
        this.groups = base.length;
        this.objective = objective;
        this.base = base;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public int outputs() {
        return objective.outputs(groups);
    }

    @Override
    public int marginOutputs() {
        return groups;
    }

    @Override
    public void predict(float[] rows, int rowCount, float[] into) {
        check(rows, rowCount, into, outputs());
        if (outputs() == groups) { // the transform works in place
            forest.of(rows, rowCount, into);
            for (int row = 0; row < rowCount; row++) {
                objective.transform(into, row * groups, groups, into, row * groups);
            }
            return;
        }
        float[] margins = new float[rowCount * groups];
        forest.of(rows, rowCount, margins);
        for (int row = 0; row < rowCount; row++) {
            objective.transform(margins, row * groups, groups, into, row * outputs());
        }
    }

    @Override
    public void margins(float[] rows, int rowCount, float[] into) {
        check(rows, rowCount, into, groups);
        forest.of(rows, rowCount, into);
    }

    private void check(float[] rows, int rowCount, float[] into, int width) {
        if (rowCount < 0 || (long) rowCount * features > rows.length || (long) rowCount * width > into.length) {
            throw new IllegalArgumentException(
                    "Arrays too short: %d rows of %d features in %d floats, %d outputs each into %d floats"
                            .formatted(rowCount, features, rows.length, width, into.length));
        }
    }

    @Override
    public String toString() {
        return "ForestPredictor[%d trees, %d features, base %s]".formatted(trees, features, Arrays.toString(base));
    }
}
