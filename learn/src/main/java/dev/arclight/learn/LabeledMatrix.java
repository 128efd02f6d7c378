package dev.arclight.learn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of features with a label each: what a model is trained and judged on. Immutable by agreement, as {@link Matrix}.
 */
public final class LabeledMatrix implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Matrix features;
    private final float[] labels;

    /**
     * Joins features and labels.
     *
     * @param features shape (rows, columns)
     * @param labels float32, shape (rows); not copied
     */
    public LabeledMatrix(Matrix features, float[] labels) {
        if (labels.length != features.rows()) {
            throw new IllegalArgumentException("%d labels for %d rows".formatted(labels.length, features.rows()));
        }
        this.features = features;
        this.labels = labels;
    }

    public Matrix features() {
        return features;
    }

    /** One a row; not a copy. */
    public float[] labels() {
        return labels;
    }

    /**
     * Collects rows to this JVM in a canonical order (by content), so that whatever engine, partitioning or file order
     * they come in, a model trained on them is the same.
     *
     * @param data rows; numeric or boolean columns become float32 (true is 1), NaN is a missing value
     * @param features columns, in the order the model shall have them
     * @param label a column of numbers or booleans; not null, not NaN
     * @throws dev.arclight.base.ArclightException BAD_INPUT if a column is missing or of another type, if features hold
     *     nulls or infinite values, if labels hold nulls, NaN or infinite values (column and count named), or if there
     *     are no rows
     */
    public static LabeledMatrix collect(Dataset<Row> data, List<String> features, String label) {
        return MatrixCollector.collect(data, features, label);
    }

    /** How many rows there are. */
    public int rows() {
        return features.rows();
    }

    /**
     * This, if it can be used for two classes.
     *
     * @param what names the data in messages, such as {@code "the training split"}
     * @throws dev.arclight.base.ArclightException BAD_INPUT if a label is neither 0 nor 1, or only one of them occurs
     */
    public LabeledMatrix requireTwoClasses(String what) {
        MatrixCollector.requireTwoClasses(labels, what);
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabeledMatrix m && features.equals(m.features) && Arrays.equals(labels, m.labels);
    }

    @Override
    public int hashCode() {
        return 31 * features.hashCode() + Arrays.hashCode(labels);
    }

    @Override
    public String toString() {
        return "LabeledMatrix[%s]".formatted(features);
    }
}
