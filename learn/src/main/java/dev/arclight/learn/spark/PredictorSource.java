package dev.arclight.learn.spark;

import dev.arclight.model.Predictor;
import java.io.Serializable;

/** A model on its way to executors, unpacked there once. Safe for use by many threads. */
public interface PredictorSource extends Serializable {
    Predictor predictor();
}
