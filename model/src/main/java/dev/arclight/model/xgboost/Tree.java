package dev.arclight.model.xgboost;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One tree, checked: every node is reached exactly once and asks about a feature that exists. Nodes are numbered
 * breadth-first and siblings are neighbours: the right child is {@code left + 1}.
 */
final class Tree {
    /** The feature that each node asks about, or -1 for a leaf. */
    final int[] feature;

    /** Of each node: the threshold that "less" compares with, or what the leaf adds if it adds one number. */
    final float[] value;

    /** The left child of each node; 0 for a leaf. */
    final int[] left;

    /** Of each node: whether a missing value goes left. */
    final boolean[] missingLeft;

    /** Of each node: null for a numeric question, else the categories that go right. */
    final @Nullable BitSet[] categories;

    /** How many numbers a leaf adds: 1, or one for each target. */
    final int width;

    /** What the leaves add, {@code width} numbers for each node, if {@code width} is not 1. */
    final float[] vectors;

    private Tree(
            int[] feature,
            float[] value,
            int[] left,
            boolean[] missingLeft,
            @Nullable BitSet[] categories,
            int width,
            float[] vectors) {
        this.feature = feature;
        this.value = value;
        this.left = left;
        this.missingLeft = missingLeft;
        this.categories = categories;
        this.width = width;
        this.vectors = vectors;
    }

    int nodes() {
        return feature.length;
    }

    /** Of each node: how many leaves are below it; 1 for a leaf. */
    int[] leavesBelow() {
        int[] count = new int[nodes()];
        for (int node = count.length - 1; node >= 0; node--) { // children come after their parents
            count[node] = feature[node] < 0 ? 1 : count[left[node]] + count[left[node] + 1];
        }
        return count;
    }

    /** Reads one tree object of the file. */
    static Tree read(Section tree, int features) {
        int[] lefts = tree.ints("left_children");
        int[] rights = tree.ints("right_children");
        int[] splits = tree.ints("split_indices");
        float[] conditions = tree.floats("split_conditions");
        int[] defaultLeft = tree.ints("default_left");
        int count = lefts.length;
        if (count == 0
                || rights.length != count
                || splits.length != count
                || conditions.length != count
                || defaultLeft.length != count) {
            throw tree.wrong("left_children", "as many entries as the tree's other arrays", count);
        }
        @Nullable BitSet[] sets = categorySets(tree, count);

        int[] order = new int[count]; // new number to number in the file
        BitSet seen = new BitSet(count);
        int known = 1;
        seen.set(0);
        int[] feature = new int[count];
        float[] value = new float[count];
        int[] left = new int[count];
        boolean[] missingLeft = new boolean[count];
        @Nullable BitSet[] categories = new BitSet[count];
        int width = Math.max(1, tree.section("tree_param").number("size_leaf_vector"));
        float[] vectors = new float[width == 1 ? 0 : Math.multiplyExact(count, width)];
        for (int node = 0; node < known; node++) {
            int old = order[node];
            value[node] = conditions[old];
            if (lefts[old] == -1) {
                feature[node] = -1;
                if (width > 1) {
                    copyVector(tree, old, rights[old], width, vectors, node);
                }
                continue;
            }
            for (int child : new int[] {lefts[old], rights[old]}) {
                if (child < 0 || child >= count || seen.get(child)) {
                    throw tree.wrong("left_children", "a tree", "child %d of node %d".formatted(child, old));
                }
                seen.set(child);
            }
            if (splits[old] < 0 || splits[old] >= features) {
                throw tree.wrong("split_indices", "features below " + features, splits[old]);
            }
            feature[node] = splits[old];
            missingLeft[node] = defaultLeft[old] != 0;
            categories[node] = sets[old];
            left[node] = known;
            order[known++] = lefts[old];
            order[known++] = rights[old];
        }
        return new Tree(
                Arrays.copyOf(feature, known),
                Arrays.copyOf(value, known),
                Arrays.copyOf(left, known),
                Arrays.copyOf(missingLeft, known),
                Arrays.copyOf(categories, known),
                width,
                vectors);
    }

    /**
     * XGBoost 3.2 keeps the vectors in {@code leaf_weights}, found by the leaf's right child; before, they were among
     * {@code base_weights}, found by the node.
     */
    private static void copyVector(Section tree, int node, int right, int width, float[] into, int at) {
        boolean apart = tree.has("leaf_weights");
        float[] from = tree.floats(apart ? "leaf_weights" : "base_weights");
        int index = apart ? right : node;
        if (index < 0 || (index + 1L) * width > from.length) {
            throw tree.wrong(apart ? "leaf_weights" : "base_weights", "a vector for each leaf", from.length);
        }
        System.arraycopy(from, index * width, into, at * width, width);
    }

    private static @Nullable BitSet[] categorySets(Section tree, int count) {
        @Nullable BitSet[] sets = new BitSet[count];
        int[] types = tree.ints("split_type");
        int[] categories = tree.ints("categories");
        int[] nodes = tree.ints("categories_nodes");
        int[] starts = tree.ints("categories_segments");
        int[] sizes = tree.ints("categories_sizes");
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] < 0
                    || nodes[i] >= count
                    || i >= starts.length
                    || i >= sizes.length
                    || starts[i] < 0
                    || sizes[i] < 0
                    || (long) starts[i] + sizes[i] > categories.length) {
                throw tree.wrong("categories_segments", "parts of 'categories'", nodes[i]);
            }
            BitSet set = new BitSet();
            for (int at = starts[i]; at < starts[i] + sizes[i]; at++) {
                if (categories[at] < 0 || categories[at] >= 1 << 24) {
                    throw tree.wrong("categories", "categories from 0 to 2^24", categories[at]);
                }
                set.set(categories[at]);
            }
            sets[nodes[i]] = set;
        }
        for (int i = 0; i < types.length; i++) {
            if (types[i] == 1 && (i >= count || sets[i] == null)) {
                throw tree.wrong("split_type", "categories for each categorical node", i);
            }
        }
        return sets;
    }
}
