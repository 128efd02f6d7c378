package dev.arclight.model.xgboost;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Numeric trees for many rows at once, without walking: one bit a row. Same floats as XGBoost: same comparisons, same
 * order of additions. Immutable.
 *
 * <p>Each of the forest's {@link Questions} is answered once for a block of rows, as a set of bits. A tree is then a
 * list of set operations: a child's rows are its parent's rows that said yes, or no. Leaves are numbered from left to
 * right; where all leaves below a node have a bit of their number set that not all leaves beside it have, the node's
 * rows are joined to the plane of that bit. Eight planes transposed give each row the number of its leaf.
 *
 * <p>Sets of rows take the place of the sets of leaves in QuickScorer (Lucchese et al., SIGIR 2015) and RapidScorer (Ye
 * et al., KDD 2018), whose work grows with leaves times rows; here with a 64th of that.
 */
final class SlicedForest {
    /** Words of 64 rows in a block. Few blocks make the fixed work of a tree's node small. */
    private static final int MOST_WORDS = 64;

    /** Words of all answers of a block: they should stay in the second-level cache. */
    private static final int ANSWER_WORDS = 1 << 17;

    private final int features;
    private final float[] base;
    private final Questions questions;
    private final int words;
    private final int levels;
    private final SlicedTree[] trees;
    private final int[] group;

    private SlicedForest(int features, float[] base, Questions questions, SlicedTree[] trees, int[] group) {
        this.features = features;
        this.base = base;
        this.questions = questions;
        this.words = words(questions);
        this.levels = Arrays.stream(trees).mapToInt(SlicedTree::levels).max().orElse(1);
        this.trees = trees;
        this.group = group;
    }

    /** The sliced form, unless walking these trees would be faster. */
    static Optional<SlicedForest> of(int features, float[] base, Questions questions, List<Tree> trees, int[] group) {
        if (trees.stream().anyMatch(tree -> tree.nodes() > SlicedTree.MOST_NODES)) {
            return Optional.empty();
        }
        SlicedForest forest = always(features, base, questions, trees, group);
        double slicing = 0;
        double walking = 0;
        for (int t = 0; t < forest.trees.length; t++) {
            // Nanoseconds a row as measured (decision 036); only their ratio counts.
            slicing += 1.4 + forest.trees[t].operations() * (10 + 0.22 * forest.words) / (64 * forest.words);
            walking += 1 + 2 * Math.log(trees.get(t).nodes()) / Math.log(2);
        }
        return slicing < walking ? Optional.of(forest) : Optional.empty();
    }

    /** The sliced form of trees of at most {@link SlicedTree#MOST_NODES} nodes, even if walking would be faster. */
    static SlicedForest always(int features, float[] base, Questions questions, List<Tree> trees, int[] group) {
        SlicedTree[] sliced = new SlicedTree[trees.size()];
        for (int t = 0; t < sliced.length; t++) {
            Tree tree = trees.get(t);
            sliced[t] = SlicedTree.of(tree, node -> questions.number(tree, node));
        }
        return new SlicedForest(features, base, questions, sliced, group);
    }

    private static int words(Questions questions) {
        return Math.max(1, Math.min(MOST_WORDS, ANSWER_WORDS / Math.max(1, questions.count())));
    }

    /** Adds up the leaves of each row; arrays as in {@link dev.arclight.model.Predictor#margins}. */
    void sum(float[] rows, int rowCount, float[] into) {
        int most = Math.min(words, (rowCount + 63) >>> 6);
        long[][] answers = new long[questions.count()][most];
        SlicedTree.Scratch scratch = new SlicedTree.Scratch(levels, most);
        float[][] sums = new float[base.length][most << 6];
        for (int from = 0; from < rowCount; from += most << 6) {
            int count = Math.min(most << 6, rowCount - from);
            for (Questions.Scale scale : questions.scales()) {
                answer(scale, rows, from, count, answers);
            }
            for (int g = 0; g < base.length; g++) {
                Arrays.fill(sums[g], base[g]);
            }
            int used = (count + 63) >>> 6;
            for (int t = 0; t < trees.length; t++) {
                trees[t].add(answers, used, scratch, sums[group[t]]);
            }
            for (int g = 0; g < base.length; g++) {
                float[] sum = sums[g];
                int at = from * base.length + g;
                for (int row = 0; row < count; row++) {
                    into[at + row * base.length] = sum[row];
                }
            }
        }
    }

    /** Sets the bit of each row in the questions about one feature that it says "yes" to: those from its place on. */
    private void answer(Questions.Scale scale, float[] rows, int from, int count, long[][] answers) {
        int first = scale.first();
        int last = first + scale.count() - 1;
        for (int i = first; i <= last; i++) {
            Arrays.fill(answers[i], 0);
        }
        int at = from * features + scale.feature();
        for (int row = 0; row < count; row++, at += features) {
            int place = first + scale.place(rows[at]);
            if (place <= last) {
                answers[place][row >>> 6] |= 1L << row;
            }
        }
        for (int i = first + 1; i <= last; i++) {
            long[] lower = answers[i - 1];
            long[] upper = answers[i];
            for (int w = 0; w < upper.length; w++) {
                upper[w] |= lower[w];
            }
        }
    }
}
