package dev.arclight.torch;

import java.io.Serializable;
import java.util.Map;

/**
 * What one epoch gave.
 *
 * @param number 0 for the first
 * @param loss mean over the rows trained on, each at the weights of its step
 * @param validationLoss mean over the validation rows after the epoch; NaN without any
 * @param metrics of the validation rows by name, empty without any: {@code mae} and {@code rmse}, or {@code accuracy}
 * @param learningRate of its steps
 * @param seconds for training, without validation and checkpoint
 * @param rows trained on, all workers together
 * @param allReducedBytes handed to the all-reduce by each worker; 0 with one worker
 */
public record Epoch(
        int number,
        double loss,
        double validationLoss,
        Map<String, Double> metrics,
        double learningRate,
        double seconds,
        long rows,
        long allReducedBytes)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public Epoch {
        metrics = Map.copyOf(metrics);
    }
}
