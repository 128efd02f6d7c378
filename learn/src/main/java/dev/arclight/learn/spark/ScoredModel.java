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
    private final List<String> outputs;
    private final String description;

    /**
     * @param inputs names of the features, in the predictor's order
     * @param outputs names of the numbers of a row's prediction
     */
    ScoredModel(Broadcast<PredictorSource> shipped, List<String> inputs, List<String> outputs, String description) {
        this.shipped = shipped;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.description = description;
    }

    Predictor predictor() {
        return shipped.value().predictor();
    }

    List<String> inputs() {
        return inputs;
    }

    int outputs() {
        return outputs.size();
    }

    /** A float, or for several outputs a struct of floats with their names. */
    DataType type() {
        if (outputs.size() == 1) {
            return DataTypes.FloatType;
        }
        StructType type = new StructType();
        for (String output : outputs) {
            type = type.add(output, DataTypes.FloatType, false);
        }
        return type;
    }

    /** What plans and messages show. */
    @Override
    public String toString() {
        return description;
    }
}
