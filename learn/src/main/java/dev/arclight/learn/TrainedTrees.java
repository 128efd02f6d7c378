package dev.arclight.learn;

import dev.arclight.model.GoldenRows;
import dev.arclight.model.xgboost.XGBoostFile;
import java.io.Serializable;
import java.util.List;

/**
 * A trained XGBoost model: its trees up to and including the best iteration. Immutable, safe for use by many threads.
 */
public final class TrainedTrees implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] allRounds;
    private final int bestIteration;
    private final List<Double> history;
    private final double seconds;

    TrainedTrees(byte[] allRounds, int bestIteration, List<Double> history, double seconds) {
        this.allRounds = allRounds;
        this.bestIteration = bestIteration;
        this.history = List.copyOf(history);
        this.seconds = seconds;
    }

    /** The round with the best validation metric, 0 for the first; of equals the first. The last without validation. */
    public int bestIteration() {
        return bestIteration;
    }

    /** The validation metric after {@link #bestIteration}; NaN without validation data. */
    public double bestScore() {
        return history.isEmpty() ? Double.NaN : history.get(bestIteration);
    }

    /** The validation metric after each round that was trained, also those cut off; empty without validation data. */
    public List<Double> history() {
        return history;
    }

    /** How long training took, without preparing the data. */
    public double seconds() {
        return seconds;
    }

    /** The model file, cut at the best iteration. Worked out anew at each call: some milliseconds. */
    public XGBoostFile file() {
        XGBoostFile file = XGBoostFile.read(allRounds);
        return file.rounds() == bestIteration + 1 ? file : file.cut(bestIteration + 1);
    }

    /** What each feature does in the model, by falling gain. */
    public List<FeatureImportance> importances() {
        XGBoostFile file = file();
        return NativeTrees.importances(file.toBytes(), file.featureNames());
    }

    /**
     * The predictions of the native library for rows.
     *
     * @return float32, shape (rows), owned by the caller
     */
    public float[] nativePredictions(Matrix rows) {
        return NativeTrees.predict(file().toBytes(), rows);
    }

    /**
     * Rows with the predictions of the native library, to travel with the model.
     *
     * @param rows at least {@code count}
     */
    public GoldenRows goldenRows(Matrix rows, int count) {
        Matrix head = rows.head(count);
        return GoldenRows.of(head.rows(), head.values(), head.columns().size(), nativePredictions(head), 1);
    }
}
