package dev.arclight.model.xgboost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The different questions of a forest, "is the feature less than the threshold": thresholds come from histograms, so
 * there are few and each is asked in many trees. Those about one feature, with the same answer for missing values, are
 * numbered by rising threshold, so that the answers to all of them are one number: the place of a value among the
 * thresholds. Immutable.
 */
final class Questions {
    /** The questions about one feature with the same answer for missing values. */
    static final class Scale {
        private final int feature;
        private final boolean missingLeft;
        private final int count;
        private final int first;

        /** The thresholds' order-preserving keys, rising, padded with the greatest to a power of two. */
        private final long[] keys;

        private Scale(int feature, boolean missingLeft, long[] keys, int count, int first) {
            this.feature = feature;
            this.missingLeft = missingLeft;
            this.keys = keys;
            this.count = count;
            this.first = first;
        }

        int feature() {
            return feature;
        }

        /** How many questions, at least 1. */
        int count() {
            return count;
        }

        /** The number of the first question. */
        int first() {
            return first;
        }

        /** How many thresholds are not above {@code x}: so many questions, the first ones, are answered "no". */
        int place(float x) {
            if (Float.isNaN(x)) {
                return missingLeft ? 0 : count;
            }
            long key = key(x);
            int place = 0;
            for (int step = keys.length >>> 1; step > 0; step >>>= 1) {
                place += step & (int) ~((key - keys[place + step - 1]) >> 63);
            }
            return place;
        }
    }

    private final List<Scale> scales;
    private final int[] first;
    private final int[][] keys;
    private final int count;

    private Questions(List<Scale> scales, int[] first, int[][] keys, int count) {
        this.scales = scales;
        this.first = first;
        this.keys = keys;
        this.count = count;
    }

    /** All questions of {@code trees}; empty if some are about categories or leaves hold vectors. */
    static Optional<Questions> of(int features, List<Tree> trees) {
        int[] asked = new int[2 * features]; // nodes of each scale
        for (Tree tree : trees) {
            if (tree.width != 1) {
                return Optional.empty();
            }
            for (int node = 0; node < tree.nodes(); node++) {
                if (tree.categories[node] != null) {
                    return Optional.empty();
                }
                if (tree.feature[node] >= 0) {
                    if (Float.isNaN(tree.value[node])) {
                        return Optional.empty();
                    }
                    asked[scale(tree, node)]++;
                }
            }
        }
        int[][] keys = new int[2 * features][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new int[asked[i]];
        }
        for (Tree tree : trees) {
            for (int node = 0; node < tree.nodes(); node++) {
                if (tree.feature[node] >= 0) {
                    int scale = scale(tree, node);
                    keys[scale][--asked[scale]] = key(tree.value[node]);
                }
            }
        }
        List<Scale> scales = new ArrayList<>();
        int[] first = new int[2 * features];
        int count = 0;
        for (int i = 0; i < first.length; i++) {
            keys[i] = sortedSet(keys[i]);
            first[i] = count;
            if (keys[i].length > 0) {
                scales.add(new Scale(i / 2, i % 2 == 0, padded(keys[i]), keys[i].length, count));
                count += keys[i].length;
            }
        }
        return Optional.of(new Questions(List.copyOf(scales), first, keys, count));
    }

    /** The different values, rising; plain arrays, because every start of a server makes them. */
    private static int[] sortedSet(int[] values) {
        Arrays.sort(values);
        int kept = 0;
        for (int value : values) {
            if (kept == 0 || value != values[kept - 1]) {
                values[kept++] = value;
            }
        }
        return Arrays.copyOf(values, kept);
    }

    private static int scale(Tree tree, int node) {
        return 2 * tree.feature[node] + (tree.missingLeft[node] ? 0 : 1);
    }

    private static long[] padded(int[] keys) {
        long[] padded = new long[Integer.highestOneBit(keys.length) << 1];
        Arrays.fill(padded, Integer.MAX_VALUE + 1L); // above every key, and no overflow in a difference
        for (int i = 0; i < keys.length; i++) {
            padded[i] = keys[i];
        }
        return padded;
    }

    /** An integer of the same order as {@code value}; both zeros are equal. Not for NaN. */
    static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // -0 becomes 0
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    List<Scale> scales() {
        return scales;
    }

    /** How many questions there are, over all scales. */
    int count() {
        return count;
    }

    /** Where the nodes of each question begin, were they sorted by question; one more for the end. */
    int[] starts(List<Tree> trees) {
        int[] starts = new int[count + 1];
        for (Tree tree : trees) {
            for (int node = 0; node < tree.nodes(); node++) {
                if (tree.feature[node] >= 0) {
                    starts[number(tree, node) + 1]++;
                }
            }
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        return starts;
    }

    /** The number, 0 to {@link #count()}, of the question that a node asks. */
    int number(Tree tree, int node) {
        int scale = scale(tree, node);
        return first[scale] + Arrays.binarySearch(keys[scale], key(tree.value[node]));
    }
}
