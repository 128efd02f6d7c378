package dev.arclight.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.model.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reference walks the nodes as they were built, one row and one tree at a time. */
final class PackedForestTest {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        1f,
        -1f
    };
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @Test
    void everyFloatGoesWhereXgboostSendsItInBatchesOfAnySize() {
        Random random = new Random(11);
        for (int round = 0; round < 60; round++) {
            List<TreeNode> trees = new ArrayList<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                trees.add(tree(random, random.nextInt(9)));
            }
            Predictor predictor =
                    XGBoostFile.ofTrees("reg:squarederror", NAMES, 0.1f, trees).predictor();
            int count = 1 + random.nextInt(150);
            float[] rows = new float[count * 4];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = value(random);
            }
            float[] seen = new float[count];
            predictor.margins(rows, count, seen);
            for (int row = 0; row < count; row++) {
                float expected = 0.1f;
                for (TreeNode tree : trees) {
                    expected += walk(tree, rows, row * 4);
                }
                assertThat(seen[row]).as("row %d of %d", row, count).isEqualTo(expected);
            }
        }
    }

    private static float value(Random random) {
        return random.nextInt(3) == 0
                ? SPECIAL[random.nextInt(SPECIAL.length)]
                : Math.round(random.nextGaussian() * 8) / 4f;
    }

    private static TreeNode tree(Random random, int depth) {
        if (depth == 0 || random.nextInt(7) == 0) {
            return new TreeNode.Leaf((float) random.nextGaussian());
        }
        float threshold = value(random);
        return new TreeNode.Split(
                random.nextInt(4),
                Float.isNaN(threshold) ? 0 : threshold,
                random.nextBoolean(),
                tree(random, depth - 1),
                tree(random, depth - 1));
    }

    private static float walk(TreeNode root, float[] rows, int start) {
        TreeNode at = root;
        while (at instanceof TreeNode.Split split) {
            float x = rows[start + split.feature()];
            boolean less = Float.isNaN(x) ? split.missingIsLess() : x < split.lessThan();
            at = less ? split.ifLess() : split.otherwise();
        }
        return ((TreeNode.Leaf) at).value();
    }
}
