package dev.arclight.model.lightgbm;

import dev.arclight.base.ArclightException;
import java.util.Arrays;
import java.util.Map;

/** One tree. Children below 0 are leaves: leaf i is -i - 1. Immutable. */
final class LightGbmTree {
    private static final int CATEGORICAL = 1;
    private static final int DEFAULT_LEFT = 2;
    private static final int ZERO_IS_MISSING = 1;
    private static final int NAN_IS_MISSING = 2;

    /** LightGBM's {@code kZeroThreshold}, a float. */
    private static final double ZERO = 1e-35f;

    private final int[] feature;
    private final double[] threshold;
    private final int[] decision;
    private final int[] left;
    private final int[] right;
    private final double[] leaf;
    private final int[] categoryStart;
    private final int[] categories;

    private LightGbmTree(Map<String, String> section) {
        int leaves = LightGbmFile.number(section, "num_leaves");
        if (leaves < 1) {
            throw LightGbmFile.damaged("tree %s has %d leaves".formatted(section.getOrDefault("Tree", "?"), leaves));
        }
        int splits = leaves - 1;
        leaf = doubles(section, "leaf_value", leaves);
        feature = ints(section, "split_feature", splits);
        threshold = doubles(section, "threshold", splits);
        decision = ints(section, "decision_type", splits);
        left = ints(section, "left_child", splits);
        right = ints(section, "right_child", splits);
        int sets = section.containsKey("num_cat") ? LightGbmFile.number(section, "num_cat") : 0;
        categoryStart = ints(section, "cat_boundaries", sets == 0 ? 0 : sets + 1);
        categories = unsigned(section, "cat_threshold", sets == 0 ? 0 : categoryStart[sets]);
        check(section.getOrDefault("Tree", "?"), sets);
    }

    static LightGbmTree of(Map<String, String> section) {
        if (section.getOrDefault("is_linear", "0").strip().equals("1")) {
            throw ArclightException.badInput(
                    "The LightGBM model has linear trees, which are not supported; train it with linear_tree=False");
        }
        return new LightGbmTree(section);
    }

    private void check(String tree, int sets) {
        for (int i = 0; i < feature.length; i++) {
            boolean children = isNode(left[i], i) && isNode(right[i], i);
            boolean set = (decision[i] & CATEGORICAL) == 0 || (threshold[i] >= 0 && threshold[i] < sets);
            if (!children || !set || feature[i] < 0) {
                throw LightGbmFile.damaged("split %d of tree %s points outside of it".formatted(i, tree));
            }
        }
        for (int i = 1; i < categoryStart.length; i++) {
            if (categoryStart[i] < categoryStart[i - 1]) {
                throw LightGbmFile.damaged(
                        "tree %s has a set of categories that ends before it begins".formatted(tree));
            }
        }
    }

    /** A child comes after its parent, so no walk goes in circles. */
    private boolean isNode(int child, int parent) {
        return child < 0 ? -child - 1 < leaf.length : child > parent && child < feature.length;
    }

    int largestFeature() {
        return Arrays.stream(feature).max().orElse(-1);
    }

    /** The value of the leaf that the row falls into. */
    double value(float[] rows, int start) {
        if (feature.length == 0) {
            return leaf[0];
        }
        int node = 0;
        while (node >= 0) {
            node = goesLeft(node, rows[start + feature[node]]) ? left[node] : right[node];
        }
        return leaf[-node - 1];
    }

    private boolean goesLeft(int node, double value) {
        int how = decision[node];
        if ((how & CATEGORICAL) != 0) {
            return isIn((int) threshold[node], value);
        }
        int missing = how >> 2 & 3;
        double x = Double.isNaN(value) && missing != NAN_IS_MISSING ? 0 : value;
        if (Double.isNaN(x) || (missing == ZERO_IS_MISSING && x >= -ZERO && x <= ZERO)) {
            return (how & DEFAULT_LEFT) != 0;
        }
        return x <= threshold[node];
    }

    private boolean isIn(int set, double value) {
        int category = (int) value; // as in C: towards zero
        if (Double.isNaN(value) || category < 0) {
            return false;
        }
        int word = categoryStart[set] + category / 32;
        return word < categoryStart[set + 1] && (categories[word] >> category % 32 & 1) != 0;
    }

    private static String[] words(Map<String, String> section, String key, int count) {
        String text = count == 0 ? "" : LightGbmFile.required(section, key).strip();
        String[] words = text.isEmpty() ? new String[0] : text.split(" +");
        if (words.length != count) {
            throw LightGbmFile.damaged("tree %s has %d values of %s, %d were expected"
                    .formatted(section.getOrDefault("Tree", "?"), words.length, key, count));
        }
        return words;
    }

    private static double[] doubles(Map<String, String> section, String key, int count) {
        try {
            return Arrays.stream(words(section, key, count))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            throw LightGbmFile.damaged("%s holds what is no number: %s".formatted(key, e.getMessage()));
        }
    }

    private static int[] ints(Map<String, String> section, String key, int count) {
        try {
            return Arrays.stream(words(section, key, count))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw LightGbmFile.damaged("%s holds what is no whole number: %s".formatted(key, e.getMessage()));
        }
    }

    private static int[] unsigned(Map<String, String> section, String key, int count) {
        try {
            return Arrays.stream(words(section, key, count))
                    .mapToInt(Integer::parseUnsignedInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw LightGbmFile.damaged("%s holds what is no set of bits: %s".formatted(key, e.getMessage()));
        }
    }
}
