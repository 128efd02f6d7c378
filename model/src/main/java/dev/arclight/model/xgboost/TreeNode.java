package dev.arclight.model.xgboost;

/** A node of a regression tree, for building a model from trees that another library grew. Immutable. */
public sealed interface TreeNode {
    /**
     * A question about one feature.
     *
     * @param feature index from 0
     * @param lessThan rows whose value is below this take {@code ifLess}; not NaN
     * @param missingIsLess whether a missing value (NaN) takes {@code ifLess}
     */
    record Split(int feature, float lessThan, boolean missingIsLess, TreeNode ifLess, TreeNode otherwise)
            implements TreeNode {
        public Split {
            if (feature < 0 || Float.isNaN(lessThan)) {
                throw new IllegalArgumentException("Not a split: feature=%d lessThan=%s".formatted(feature, lessThan));
            }
        }

        /**
         * A split that sends {@code value <= threshold} to {@code ifAtMost}, as Spark and scikit-learn ask. Exact for
         * float32 values.
         */
        public static Split atMost(
                int feature, double threshold, boolean missingIsLess, TreeNode ifAtMost, TreeNode otherwise) {
            float nearest = (float) threshold;
            float below = nearest > threshold ? Math.nextDown(nearest) : nearest;
            return new Split(feature, Math.nextUp(below), missingIsLess, ifAtMost, otherwise);
        }
    }

    /**
     * An answer.
     *
     * @param value what the tree adds to the margin; finite
     */
    record Leaf(float value) implements TreeNode {
        public Leaf {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("Not a leaf value: " + value);
            }
        }
    }
}
