package dev.arclight.model.xgboost;

import java.util.List;
import java.util.Optional;

/**
 * Numeric trees of any number and size, for what {@link MaskedForest} and {@link SlicedForest} do not hold: one long a
 * node, walked without a branch that depends on the data: eight walks go side by side, so that one does not wait for
 * the memory of another. Same floats as XGBoost: same comparisons, same order of additions.
 *
 * <p>A float becomes an integer of the same order (its bits, negative ones mirrored), so that "less" is the sign of a
 * difference. Each feature of a row is there twice: a missing value once as the least and once as the greatest integer;
 * a node that sends missing values left looks at the first, others at the second. A leaf is its own left child and
 * looks at a place that is always less.
 */
final class PackedForest {
    private static final int PLACE_BITS = 12;
    private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
    private static final int MAX_NODES = 1 << (31 - PLACE_BITS);
    private static final long LEAST = Integer.MIN_VALUE - 1L;
    private static final long GREATEST = Integer.MAX_VALUE + 1L;

    /** Walks side by side. */
    private static final int LANES = 8;

    /** Rows whose keys are kept ready while all trees pass. */
    private static final int BLOCK = 64;

    private final int features;
    private final int groups;
    private final int width;
    private final float[] base;
    private final int[] group;
    private final int[] roots;

    /**
     * Of each node: the threshold's key in the upper half; left child, relative to the root, and place in the lower.
     */
    private final long[] nodes;

    private final float[] leaves;

    private PackedForest(int features, float[] base, int[] group, int[] roots, long[] nodes, float[] leaves) {
        this.features = features;
        this.groups = base.length;
        this.width = 2 * features + 1;
        this.base = base;
        this.group = group;
        this.roots = roots;
        this.nodes = nodes;
        this.leaves = leaves;
    }

    /**
     * The packed form, unless there are too many features or a tree has too many nodes.
     *
     * @param trees that {@link Questions} holds
     */
    static Optional<PackedForest> of(int features, float[] base, List<Tree> trees, int[] group) {
        if (2 * features > PLACE_MASK || trees.stream().anyMatch(tree -> tree.nodes() > MAX_NODES)) {
            return Optional.empty();
        }
        int count = 0;
        for (Tree tree : trees) {
            count = Math.addExact(count, tree.nodes());
        }
        int[] roots = new int[trees.size()];
        long[] nodes = new long[count];
        float[] leaves = new float[count];
        int first = 0;
        for (int t = 0; t < roots.length; t++) {
            Tree tree = trees.get(t);
            roots[t] = first;
            for (int i = 0; i < tree.nodes(); i++) {
                if (tree.feature[i] < 0) {
                    leaves[first + i] = tree.value[i];
                    nodes[first + i] = pack(0, i, 2 * features);
                } else {
                    int place = 2 * tree.feature[i] + (tree.missingLeft[i] ? 0 : 1);
                    nodes[first + i] = pack(Questions.key(tree.value[i]), tree.left[i], place);
                }
            }
            first += tree.nodes();
        }
        return Optional.of(new PackedForest(features, base, group, roots, nodes, leaves));
    }

    private static long pack(int key, int left, int place) {
        return ((long) key << 32) | ((long) left << PLACE_BITS) | place;
    }

    /** Adds up the leaves of each row; arrays as in {@link dev.arclight.model.Predictor#margins}. */
    void sum(float[] rows, int rowCount, float[] into) {
        long[] keys = new long[width * Math.min(rowCount, BLOCK)];
        for (int from = 0; from < rowCount; from += BLOCK) {
            int count = Math.min(BLOCK, rowCount - from);
            for (int row = 0; row < count; row++) {
                keys(rows, (from + row) * features, keys, row * width);
                System.arraycopy(base, 0, into, (from + row) * groups, groups);
            }
            if (count < LANES) {
                for (int row = 0; row < count; row++) {
                    treesSideBySide(keys, row * width, into, (from + row) * groups);
                }
            } else {
                for (int tree = 0; tree < roots.length; tree++) {
                    rowsSideBySide(roots[tree], keys, count, into, from * groups + group[tree]);
                }
            }
        }
    }

    private void keys(float[] rows, int start, long[] keys, int at) {
        for (int i = 0; i < features; i++) {
            float x = rows[start + i];
            boolean missing = Float.isNaN(x);
            int key = Questions.key(x);
            keys[at + 2 * i] = missing ? LEAST : key;
            keys[at + 2 * i + 1] = missing ? GREATEST : key;
        }
        keys[at + 2 * features] = LEAST;
    }

    /** Where a walk that stands at {@code node}, relative to {@code root}, stands next. */
    private static int next(long packed, long[] keys, int row) {
        long key = keys[row + ((int) packed & PLACE_MASK)];
        // 0 for less, 1 for the right child.
        return ((int) packed >>> PLACE_BITS) + 1 + (int) ((key - (packed >> 32)) >> 63);
    }

    private void treesSideBySide(long[] keys, int row, float[] into, int at) {
        long[] n = nodes;
        int tree = 0;
        for (; tree + LANES <= roots.length; tree += LANES) {
            int r0 = roots[tree];
            int r1 = roots[tree + 1];
            int r2 = roots[tree + 2];
            int r3 = roots[tree + 3];
            int r4 = roots[tree + 4];
            int r5 = roots[tree + 5];
            int r6 = roots[tree + 6];
            int r7 = roots[tree + 7];
            int a = 0;
            int b = 0;
            int c = 0;
            int d = 0;
            int e = 0;
            int f = 0;
            int g = 0;
            int h = 0;
            int moved;
            do {
                int a1 = next(n[r0 + a], keys, row);
                int b1 = next(n[r1 + b], keys, row);
                int c1 = next(n[r2 + c], keys, row);
                int d1 = next(n[r3 + d], keys, row);
                int e1 = next(n[r4 + e], keys, row);
                int f1 = next(n[r5 + f], keys, row);
                int g1 = next(n[r6 + g], keys, row);
                int h1 = next(n[r7 + h], keys, row);
                moved = (a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1) | (e ^ e1) | (f ^ f1) | (g ^ g1) | (h ^ h1);
                a = a1;
                b = b1;
                c = c1;
                d = d1;
                e = e1;
                f = f1;
                g = g1;
                h = h1;
            } while (moved != 0);
            into[at + group[tree]] += leaves[r0 + a];
            into[at + group[tree + 1]] += leaves[r1 + b];
            into[at + group[tree + 2]] += leaves[r2 + c];
            into[at + group[tree + 3]] += leaves[r3 + d];
            into[at + group[tree + 4]] += leaves[r4 + e];
            into[at + group[tree + 5]] += leaves[r5 + f];
            into[at + group[tree + 6]] += leaves[r6 + g];
            into[at + group[tree + 7]] += leaves[r7 + h];
        }
        for (; tree < roots.length; tree++) {
            into[at + group[tree]] += leaves[roots[tree] + walk(roots[tree], keys, row)];
        }
    }

    private void rowsSideBySide(int root, long[] keys, int count, float[] into, int at) {
        long[] n = nodes;
        int w = width;
        int row = 0;
        for (; row + LANES <= count; row += LANES) {
            int k = row * w;
            int a = 0;
            int b = 0;
            int c = 0;
            int d = 0;
            int e = 0;
            int f = 0;
            int g = 0;
            int h = 0;
            int moved;
            do {
                int a1 = next(n[root + a], keys, k);
                int b1 = next(n[root + b], keys, k + w);
                int c1 = next(n[root + c], keys, k + 2 * w);
                int d1 = next(n[root + d], keys, k + 3 * w);
                int e1 = next(n[root + e], keys, k + 4 * w);
                int f1 = next(n[root + f], keys, k + 5 * w);
                int g1 = next(n[root + g], keys, k + 6 * w);
                int h1 = next(n[root + h], keys, k + 7 * w);
                moved = (a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1) | (e ^ e1) | (f ^ f1) | (g ^ g1) | (h ^ h1);
                a = a1;
                b = b1;
                c = c1;
                d = d1;
                e = e1;
                f = f1;
                g = g1;
                h = h1;
            } while (moved != 0);
            int o = at + row * groups;
            into[o] += leaves[root + a];
            into[o + groups] += leaves[root + b];
            into[o + 2 * groups] += leaves[root + c];
            into[o + 3 * groups] += leaves[root + d];
            into[o + 4 * groups] += leaves[root + e];
            into[o + 5 * groups] += leaves[root + f];
            into[o + 6 * groups] += leaves[root + g];
            into[o + 7 * groups] += leaves[root + h];
        }
        for (; row < count; row++) {
            into[at + row * groups] += leaves[root + walk(root, keys, row * w)];
        }
    }

    private int walk(int root, long[] keys, int row) {
        int node = 0;
        int next = next(nodes[root], keys, row);
        while (next != node) {
            node = next;
            next = next(nodes[root + node], keys, row);
        }
        return node;
    }
}
