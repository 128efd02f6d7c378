package dev.arclight.model.xgboost;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Numeric trees for a row or a few, without walking: one bit a leaf. Same floats as XGBoost: same comparisons, same
 * order of additions. Immutable.
 *
 * <p>A row that answers a node's question with "no" reaches none of the leaves on its left. QuickScorer (Lucchese et
 * al., SIGIR 2015) strikes those leaves out, node by node, and the first leaf left over in each tree is the one
 * reached. Here the striking of all nodes that ask about one feature is done beforehand: for each place that a value
 * may have among the thresholds, there is one row of bits for the whole forest. So a prediction is as many conjunctions
 * of such rows as there are features.
 */
final class MaskedForest {
    /** Of all rows of bits: what a model may cost, and what a cache still holds. */
    private static final long MOST_WORDS = 2 << 20;

    private final int features;
    private final float[] base;
    private final Questions questions;
    private final int[] group;

    /** Where each tree's words begin; one more for the end. */
    private final int[] firstWord;

    /** Of each scale: the bits of each place, one place after the other. */
    private final long[][] masks;

    /** Leaf values, 64 a word. */
    private final float[] leaves;

    private MaskedForest(
            int features,
            float[] base,
            Questions questions,
            int[] group,
            int[] firstWord,
            long[][] masks,
            float[] leaves) {
        this.features = features;
        this.base = base;
        this.questions = questions;
        this.group = group;
        this.firstWord = firstWord;
        this.masks = masks;
        this.leaves = leaves;
    }

    /** The masked form, unless it would be too large. */
    static Optional<MaskedForest> of(int features, float[] base, Questions questions, List<Tree> trees, int[] group) {
        int[] firstWord = new int[trees.size() + 1];
        for (int t = 0; t < trees.size(); t++) {
            int leafCount = (trees.get(t).nodes() + 1) / 2;
            firstWord[t + 1] = firstWord[t] + (leafCount + 63) / 64;
        }
        int words = firstWord[trees.size()];
        if ((long) words * (questions.count() + questions.scales().size()) > MOST_WORDS) {
            return Optional.empty();
        }
        float[] leaves = new float[64 * words];
        // Of each question, one after the other: the leaves that a "no" rules out, first and behind the last.
        int[] next = questions.starts(trees);
        int[] from = new int[next[next.length - 1]];
        int[] to = new int[from.length];
        for (int t = 0; t < trees.size(); t++) {
            Tree tree = trees.get(t);
            int[] count = tree.leavesBelow();
            int[] first = new int[tree.nodes()];
            for (int node = 0; node < first.length; node++) {
                int leaf = 64 * firstWord[t] + first[node];
                if (tree.feature[node] < 0) {
                    leaves[leaf] = tree.value[node];
                    continue;
                }
                int left = tree.left[node];
                first[left] = first[node];
                first[left + 1] = first[node] + count[left];
                int at = next[questions.number(tree, node)]++;
                from[at] = leaf;
                to[at] = leaf + count[left];
            }
        }
        // A place has the bits of the one before, less what one more question rules out. Most of it is copying, which
        // is
        // fast also in a program that has just been started.
        long[][] masks = new long[questions.scales().size()][];
        for (int s = 0; s < masks.length; s++) {
            Questions.Scale scale = questions.scales().get(s);
            long[] mask = new long[(scale.count() + 1) * words];
            Arrays.fill(mask, 0, words, -1L);
            for (int place = 1; place <= scale.count(); place++) {
                int start = place * words;
                System.arraycopy(mask, start - words, mask, start, words);
                int question = scale.first() + place - 1;
                for (int i = question == 0 ? 0 : next[question - 1]; i < next[question]; i++) {
                    clear(mask, start, from[i], to[i]);
                }
            }
            masks[s] = mask;
        }
        return Optional.of(new MaskedForest(features, base, questions, group, firstWord, masks, leaves));
    }

    /** Clears the bits {@code from} to {@code to}, at least one, counted from word {@code start}. */
    private static void clear(long[] mask, int start, int from, int to) {
        int first = from >>> 6;
        int last = (to - 1) >>> 6;
        long keepBelow = (1L << from) - 1; // shifts count modulo 64
        long keepAbove = to % 64 == 0 ? 0 : -1L << to;
        if (first == last) {
            mask[start + first] &= keepBelow | keepAbove;
            return;
        }
        mask[start + first] &= keepBelow;
        for (int w = first + 1; w < last; w++) {
            mask[start + w] = 0;
        }
        mask[start + last] &= keepAbove;
    }

    /** Adds up the leaves of each row; arrays as in {@link dev.arclight.model.Predictor#margins}. */
    void sum(float[] rows, int rowCount, float[] into) {
        long[] left = new long[firstWord[firstWord.length - 1]];
        for (int row = 0; row < rowCount; row++) {
            Arrays.fill(left, -1L);
            for (int s = 0; s < masks.length; s++) {
                Questions.Scale scale = questions.scales().get(s);
                strike(left, masks[s], scale.place(rows[row * features + scale.feature()]) * left.length);
            }
            int at = row * base.length;
            System.arraycopy(base, 0, into, at, base.length);
            for (int t = 0; t < group.length; t++) {
                int word = firstWord[t];
                while (left[word] == 0) { // a leaf is always left over
                    word++;
                }
                into[at + group[t]] += leaves[64 * word + Long.numberOfTrailingZeros(left[word])];
            }
        }
    }

    private static void strike(long[] left, long[] mask, int from) {
        for (int w = 0; w < left.length; w++) {
            left[w] &= mask[from + w];
        }
    }
}
