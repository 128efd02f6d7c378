package dev.arclight.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The Spark ML params of {@link TorchEstimator}. */
final class TorchParams {
    final StringArrayParam features;
    final Param<String> label;
    final Param<String> validation;
    final Param<String> output;
    final Param<String> layers;
    final Param<String> module;
    final Param<String> weights;
    final Param<String> loss;
    final Param<String> optimiser;
    final Param<String> schedule;
    final IntParam epochs;
    final IntParam batch;
    final LongParam seed;
    final BooleanParam shuffle;
    final IntParam earlyStopping;
    final IntParam workers;
    final Param<String> checkpoints;

    TorchParams(Params owner) {
        features = new StringArrayParam(owner, "features", "input columns, in the order of the network's features");
        label = new Param<>(owner, "label", "column of labels");
        validation = new Param<>(owner, "validation", "boolean column that marks rows to validate on; empty for none");
        output = new Param<>(owner, "output", "column of predictions");
        layers = new Param<>(owner, "layers", "the network's layers as a JSON array; empty for a TorchScript file");
        module = new Param<>(owner, "module", "TorchScript file of the network; empty for layers");
        weights = new Param<>(owner, "weights", "safetensors file to start from; empty to start from the seed");
        loss = new Param<>(owner, "loss", "what training makes small, as JSON");
        optimiser = new Param<>(owner, "optimiser", "how weights follow their gradients, as JSON");
        schedule = new Param<>(owner, "schedule", "how the learning rate changes, as JSON");
        epochs = new IntParam(owner, "epochs", "most passes over the rows");
        batch = new IntParam(owner, "batch", "rows of a step, of each worker");
        seed = new LongParam(owner, "seed", "of initial weights, order and dropout");
        shuffle = new BooleanParam(owner, "shuffle", "another order of the rows in each epoch");
        earlyStopping = new IntParam(owner, "earlyStopping", "epochs without gain after which training ends; 0: never");
        workers = new IntParam(owner, "workers", "processes that train together");
        checkpoints = new Param<>(owner, "checkpoints", "folder of checkpoints; empty for a temporary one");
    }

    static String json(Class<?> type, Object value) {
        try {
            return TrainingPlan.JSON.writerFor(type).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + value, e);
        }
    }

    static <T> T read(Class<T> type, String json) {
        try {
            return TrainingPlan.JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a %s: %s".formatted(type.getSimpleName(), json), e);
        }
    }
}
