package dev.arclight.model.xgboost;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Trees that ask about numbers and add one number, in the form that is fastest for as many rows as there are; all forms
 * give the same floats. A form is made when it is first needed. Safe for use by many threads.
 */
final class NumericForest {
    /** From here on answering all questions for a block of rows pays (decision 036). */
    static final int BATCH_ROWS = 256;

    private final int features;
    private final float[] base;
    private final Questions questions;
    private final List<Tree> trees;
    private final int[] group;

    private final Form masked = new Form(this::masked);
    private final Form sliced = new Form(this::sliced);
    private final Form walked = new Form(this::walked);

    /** Adds up the leaves of each row; arrays as in {@link dev.arclight.model.Predictor#margins}. */
    interface Sum {
        void of(float[] rows, int rowCount, float[] into);
    }

    /** Made when first asked for. */
    private static final class Form {
        private final Supplier<Optional<Sum>> maker;
        private volatile boolean made;
        private @Nullable Sum sum;

        Form(Supplier<Optional<Sum>> maker) {
            this.maker = maker;
        }

        /** Null if this form does not hold these trees. */
        @Nullable Sum sum() {
            return made ? sum : make();
        }

        private synchronized @Nullable Sum make() {
            if (!made) {
                sum = maker.get().orElse(null);
                made = true;
            }
            return sum;
        }
    }

    private NumericForest(int features, float[] base, Questions questions, List<Tree> trees, int[] group) {
        this.features = features;
        this.base = base;
        this.questions = questions;
        this.trees = trees;
        this.group = group;
    }

    /** Empty if trees ask about categories or their leaves hold vectors. */
    static Optional<NumericForest> of(int features, float[] base, List<Tree> trees, int[] group) {
        return Questions.of(features, trees)
                .map(questions -> new NumericForest(features, base, questions, trees, group));
    }

    /** Adds up the leaves of each row; arrays as in {@link dev.arclight.model.Predictor#margins}. */
    void sum(float[] rows, int rowCount, float[] into) {
        Sum sum = (rowCount >= BATCH_ROWS ? sliced : masked).sum();
        if (sum == null) {
            sum = Objects.requireNonNull(walked.sum(), "every forest can be walked");
        }
        sum.of(rows, rowCount, into);
    }

    private Optional<Sum> masked() {
        return MaskedForest.of(features, base, questions, trees, group).map(forest -> forest::sum);
    }

    private Optional<Sum> sliced() {
        return SlicedForest.of(features, base, questions, trees, group).map(forest -> forest::sum);
    }

    private Optional<Sum> walked() {
        Optional<Sum> packed = PackedForest.of(features, base, trees, group).map(forest -> forest::sum);
        return packed.isPresent() ? packed : Optional.of(new WalkedForest(features, base, trees, group)::sum);
    }
}
