package dev.arclight.model.xgboost;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Any trees, walked row by row: those that ask about categories or whose leaves hold vectors, and those of more
 * features than {@link PackedForest} can name. Immutable.
 */
final class WalkedForest {
    /** Rows that pass one tree before the next is looked at: a tree stays in the cache, the rows too. */
    private static final int BLOCK = 64;

    /** Ints of a node: feature and flags, threshold or leaf value as float bits, left child. */
    private static final int STRIDE = 3;

    private static final int MISSING_LEFT = 1 << 30;
    private static final int CATEGORICAL = 1 << 29;
    private static final int FEATURE = CATEGORICAL - 1;

    private final int features;
    private final int groups;
    private final float[] base;
    private final int[] roots;
    private final int[] group;
    private final int[] nodes;
    private final @Nullable BitSet[] categories;

    /** The vectors of leaves that add to all groups at once, else empty. */
    private final float[] vectors;

    /**
     * @param base margin that each group starts from
     * @param group that each tree adds to
     */
    WalkedForest(int features, float[] base, List<Tree> trees, int[] group) {
        this.features = features;
        this.groups = base.length;
        this.base = base;
        this.group = group;
        this.roots = new int[trees.size()];
        int count = 0;
        for (Tree tree : trees) {
            count = Math.addExact(count, tree.nodes());
        }
        nodes = new int[Math.multiplyExact(count, STRIDE)];
        categories = new BitSet[count];
        boolean wide = !trees.isEmpty() && trees.get(0).width > 1;
        vectors = new float[wide ? Math.multiplyExact(count, groups) : 0];
        int first = 0;
        for (int t = 0; t < roots.length; t++) {
            roots[t] = first * STRIDE;
            copy(trees.get(t), first);
            first += trees.get(t).nodes();
        }
    }

    private void copy(Tree tree, int first) {
        if (tree.width > 1) {
            System.arraycopy(tree.vectors, 0, vectors, first * groups, tree.nodes() * groups);
        }
        for (int i = 0; i < tree.nodes(); i++) {
            int at = (first + i) * STRIDE;
            int feature = tree.feature[i];
            if (feature >= 0) {
                BitSet set = tree.categories[i];
                categories[first + i] = set;
                feature |= (tree.missingLeft[i] ? MISSING_LEFT : 0) | (set == null ? 0 : CATEGORICAL);
            }
            nodes[at] = feature;
            boolean vectorLeaf = feature < 0 && tree.width > 1;
            nodes[at + 1] = vectorLeaf ? (first + i) * groups : Float.floatToRawIntBits(tree.value[i]);
            nodes[at + 2] = (first + tree.left[i]) * STRIDE;
        }
    }

    /** Adds up the leaves of each row; arrays as in {@link dev.arclight.model.Predictor#margins}. */
    void sum(float[] rows, int rowCount, float[] into) {
        for (int from = 0; from < rowCount; from += BLOCK) {
            int to = Math.min(from + BLOCK, rowCount);
            for (int row = from; row < to; row++) {
                System.arraycopy(base, 0, into, row * groups, groups);
            }
            for (int tree = 0; tree < roots.length; tree++) {
                int root = roots[tree];
                if (vectors.length > 0) {
                    addVectors(root, rows, from, to, into);
                    continue;
                }
                for (int row = from; row < to; row++) {
                    into[row * groups + group[tree]] += Float.intBitsToFloat(leaf(root, rows, row * features));
                }
            }
        }
    }

    private void addVectors(int root, float[] rows, int from, int to, float[] into) {
        for (int row = from; row < to; row++) {
            int vector = leaf(root, rows, row * features);
            for (int i = 0; i < groups; i++) {
                into[row * groups + i] += vectors[vector + i];
            }
        }
    }

    /** What the row's leaf holds: the bits of its value or where its vector begins. */
    private int leaf(int root, float[] rows, int start) {
        int[] tree = nodes;
        int node = root;
        int question = tree[node];
        while (question >= 0) {
            float x = rows[start + (question & FEATURE)];
            boolean left;
            if (Float.isNaN(x)) {
                left = (question & MISSING_LEFT) != 0;
            } else if ((question & CATEGORICAL) == 0) {
                left = x < Float.intBitsToFloat(tree[node + 1]);
            } else {
                // XGBoost: what is no category at all goes left, like one that is not in the set.
                left = !(x >= 0 && x < 1 << 24)
                        || !Objects.requireNonNull(categories[node / STRIDE]).get((int) x);
            }
            node = tree[node + 2] + (left ? 0 : STRIDE);
            question = tree[node];
        }
        return tree[node + 1];
    }
}
