package dev.arclight.raytrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The params of a {@link RayTrainEstimator}, as Spark keeps them. */
final class RayTrainParams {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Param<String> module;
    final Param<String> code;
    final Param<String> trainer;
    final StringArrayParam features;
    final Param<String> label;
    final Param<String> validation;
    final Param<String> output;
    final IntParam workers;
    final Param<String> resources;
    final IntParam epochs;
    final IntParam batch;
    final LongParam seed;
    final BooleanParam shuffle;
    final BooleanParam dropLast;
    final Param<String> config;
    final StringArrayParam callbacks;
    final IntParam retries;
    final Param<String> storage;
    final Param<String> best;

    RayTrainParams(Params owner) {
        module = new Param<>(owner, "module", "MODULE:FUNCTION, the loop that each worker runs");
        code = new Param<>(owner, "code", "file or folder of Python source to send; empty if nodes have it");
        trainer = new Param<>(owner, "trainer", "MODULE:CLASS of the trainer");
        features = new StringArrayParam(owner, "features", "input columns, in order");
        label = new Param<>(owner, "label", "column of labels");
        validation = new Param<>(owner, "validation", "boolean column that marks validation rows; empty for none");
        output = new Param<>(owner, "output", "column of predictions");
        workers = new IntParam(owner, "workers", "processes that train together");
        resources = new Param<>(owner, "resources", "what each worker reserves, by Ray's names, as JSON");
        epochs = new IntParam(owner, "epochs", "passes over the rows");
        batch = new IntParam(owner, "batch", "rows of a step, of each worker");
        seed = new LongParam(owner, "seed", "of weights and order");
        shuffle = new BooleanParam(owner, "shuffle", "another order of the rows in each epoch");
        dropLast = new BooleanParam(owner, "dropLast", "whether a last, smaller batch is left out");
        config = new Param<>(owner, "config", "what the loop is given beside, as JSON");
        callbacks = new StringArrayParam(owner, "callbacks", "MODULE:CLASS of Ray Train's callbacks");
        retries = new IntParam(owner, "retries", "how often lost workers are started again");
        storage =
                new Param<>(owner, "storage", "where Ray Train keeps checkpoints; empty for the node of the training");
        best = new Param<>(owner, "best", "the metric whose best checkpoint is the model, as JSON; empty for the last");
    }

    /** All, by name. */
    Param<?>[] all() {
        Param<?>[] all = {
            module,
            code,
            trainer,
            features,
            label,
            validation,
            output,
            workers,
            resources,
            epochs,
            batch,
            seed,
            shuffle,
            dropLast,
            config,
            callbacks,
            retries,
            storage,
            best
        };
        Arrays.sort(all, Comparator.comparing(Param::name));
        return all;
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + value, e);
        }
    }

    static Map<String, Object> map(String json) {
        try {
            return new TreeMap<>(JSON.readValue(json, new TypeReference<Map<String, Object>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a map in JSON: " + json, e);
        }
    }

    /** The schema with one more column. */
    static StructType withOutput(StructType schema, String output) {
        if (Arrays.asList(schema.fieldNames()).contains(output)) {
            throw ArclightException.badInput(
                    "There is a column '%s' already: drop it or give the predictions another name".formatted(output));
        }
        return schema.add(new StructField(output, DataTypes.FloatType, false, Metadata.empty()));
    }
}
