package dev.arclight.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each form of a forest beside a reference that walks the nodes as they were built, one row and one tree at a time. */
final class NumericForestTest {
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
    void everyFloatGoesWhereXgboostSendsItInEachFormAndInBatchesOfAnySize() {
        Random random = new Random(11);
        for (int round = 0; round < 120; round++) {
            List<TreeNode> nodes = new ArrayList<>();
            int depth = 1 + random.nextInt(9);
            for (int i = random.nextInt(30); i >= 0; i--) {
                nodes.add(tree(random, random.nextInt(depth)));
            }
            int groups = 1 + random.nextInt(3);
            check(random, nodes, groups, 1 + random.nextInt(round % 10 == 0 ? 9000 : 300));
        }
    }

    /** More than 256 leaves: numbers of two bytes, several words of leaves. */
    @Test
    void largeTreesToo() {
        Random random = new Random(12);
        for (int round = 0; round < 4; round++) {
            check(random, List.of(tree(random, 10 + round), tree(random, 3), tree(random, 9)), 1, 700);
        }
    }

    private static void check(Random random, List<TreeNode> nodes, int groups, int count) {
        float[] base = new float[groups];
        int[] group = new int[nodes.size()];
        for (int i = 0; i < group.length; i++) {
            group[i] = random.nextInt(groups);
        }
        for (int i = 0; i < groups; i++) {
            base[i] = 0.1f * i;
        }
        float[] rows = new float[count * 4];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = value(random);
        }
        float[] expected = new float[count * groups];
        for (int row = 0; row < count; row++) {
            System.arraycopy(base, 0, expected, row * groups, groups);
            for (int t = 0; t < group.length; t++) {
                expected[row * groups + group[t]] += walk(nodes.get(t), rows, row * 4);
            }
        }
        List<Tree> trees = TreeModel.read(ForestFile.of("reg:squarederror", NAMES, 0f, nodes)).trees;
        Questions questions = Questions.of(4, trees).orElseThrow();
        Map<String, NumericForest.Sum> forms = new LinkedHashMap<>();
        forms.put("packed", PackedForest.of(4, base, trees, group).orElseThrow()::sum);
        forms.put("walked", new WalkedForest(4, base, trees, group)::sum);
        forms.put("masked", MaskedForest.of(4, base, questions, trees, group).orElseThrow()::sum);
        forms.put("sliced", SlicedForest.always(4, base, questions, trees, group)::sum);
        forms.put("chosen", NumericForest.of(4, base, trees, group).orElseThrow()::sum);
        forms.forEach((name, form) -> {
            float[] seen = new float[expected.length];
            form.of(rows, count, seen);
            assertThat(seen)
                    .as("%s, %d rows, %d trees", name, count, trees.size())
                    .isEqualTo(expected);
        });
    }

    /** Tall, narrow trees have thousands of leaves: bits for many rows would do more work than walking. */
    @Test
    void treesThatAreFasterWalkedAreNotSliced() {
        Random random = new Random(13);
        List<Tree> trees = TreeModel.read(
                        ForestFile.of("reg:squarederror", NAMES, 0f, List.of(tree(random, 16), tree(random, 16))))
                .trees;
        assertThat(trees.get(0).nodes()).isGreaterThan(10_000);
        assertThat(SlicedForest.of(4, new float[1], Questions.of(4, trees).orElseThrow(), trees, new int[2]))
                .isEmpty();
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
