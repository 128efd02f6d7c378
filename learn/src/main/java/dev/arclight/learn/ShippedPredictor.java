package dev.arclight.learn;

import dev.arclight.model.Predictor;
import java.io.Serializable;

/** A model on its way to executors, unpacked there once. Safe for use by many threads. */
interface ShippedPredictor extends Serializable {
    Predictor predictor();
}
