package dev.arclight.learn;

import dev.arclight.learn.spark.PredictorSource;
import dev.arclight.model.Predictor;
import dev.arclight.model.xgboost.XGBoostFile;
import org.jspecify.annotations.Nullable;

/** The bytes of an XGBoost file on their way to executors. */
final class ShippedTrees implements PredictorSource {
    private static final long serialVersionUID = 1L;

    private final byte[] ubj;
    private transient @Nullable Predictor predictor;

    ShippedTrees(byte[] ubj) {
        this.ubj = ubj;
    }

    @Override
    public synchronized Predictor predictor() {
        Predictor unpacked = predictor;
        if (unpacked == null) {
            unpacked = XGBoostFile.read(ubj).predictor();
            predictor = unpacked;
        }
        return unpacked;
    }
}
