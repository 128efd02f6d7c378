package dev.arclight.learn.spark;

import dev.arclight.model.Predictor;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A model as plans hold it: broadcast once, equal to itself only. */
final class ScoredModel implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Broadcast<PredictorSource> shipped;
    private final List<String> inputs;
    private final int outputs;
    private final String description;

    /** @param inputs names of the features, in the predictor's order */
    ScoredModel(Broadcast<PredictorSource> shipped, List<String> inputs, int outputs, String description) {
        this.shipped = shipped;
        this.inputs = List.copyOf(inputs);
        this.outputs = outputs;
        this.description = description;
    }

    Predictor predictor() {
        return shipped.value().predictor();
    }

    List<String> inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /** A float, or for several outputs a struct of floats {@code p0}, {@code p1}, ... */
    DataType type() {
        if (outputs == 1) {
            return DataTypes.FloatType;
        }
        StructType type = new StructType();
        for (int i = 0; i < outputs; i++) {
            type = type.add("p" + i, DataTypes.FloatType, false);
        }
        return type;
    }

    /** What plans and messages show. */
    @Override
    public String toString() {
        return description;
    }
}
