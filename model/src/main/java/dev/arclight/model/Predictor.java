package dev.arclight.model;

/**
 * Turns rows of features into predictions. Rows and results are flat arrays, so that a batch makes no garbage.
 *
 * <p>Implementations are immutable and safe for use by many threads; the caller owns all arrays.
 */
public interface Predictor {
    /** How many features one row has, at least 1. */
    int features();

    /** How many numbers one row's prediction has, at least 1: the classes for class probabilities, else mostly 1. */
    int outputs();

    /** How many raw margins one row has, at least 1: one for each class or target. */
    int marginOutputs();

    /**
     * Predicts.
     *
     * @param rows float32, shape (rowCount, features()), row-major; NaN is a missing value; may be longer
     * @param rowCount at least 0
     * @param into float32, shape (rowCount, outputs()), row-major, overwritten; may be longer
     * @throws IllegalArgumentException if an array is too short
     */
    void predict(float[] rows, int rowCount, float[] into);

    /**
     * Computes the raw sum of the model before the objective's transform (log odds for a logistic objective).
     *
     * @param rows as in {@link #predict}
     * @param rowCount at least 0
     * @param into float32, shape (rowCount, marginOutputs()), row-major, overwritten; may be longer
     * @throws IllegalArgumentException if an array is too short
     */
    void margins(float[] rows, int rowCount, float[] into);
}
