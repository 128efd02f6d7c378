package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Field;
import dev.arclight.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Scores tables with a model, on whatever engine the session runs. The model goes to each executor once; rows are
 * evaluated there in blocks by the predictor that also serves, so the scores are the server's, bit for bit.
 */
public final class Scoring {
    private Scoring() {}

    /**
     * Adds a column of scores.
     *
     * @param data has the model's input columns by name, in any order, beside others; numbers or booleans, cast to
     *     float32; null is a missing value
     * @param model with a signature of columns and one output a row
     * @param output name of the new last column, float32, never null
     * @return evaluated when an action runs
     * @throws ArclightException BAD_INPUT if input columns are missing or of other types, if {@code output} is there
     *     already, or if the model gives more than one number a row
     */
    public static Dataset<Row> score(Dataset<Row> data, Model model, String output) {
        return score(
                data, ShippedModel.of(model), inputs(model), model.directory().toString(), output);
    }

    /** As {@link #score(Dataset, Model, String)}; {@code what} names the model in messages. */
    static Dataset<Row> score(
            Dataset<Row> data, ShippedPredictor model, List<String> inputs, String what, String output) {
        StructType schema = withOutput(data.schema(), output);
        List<String> present = Arrays.asList(data.columns());
        requireInputs(data, what, inputs);
        List<Column> columns = new ArrayList<>();
        present.forEach(name -> columns.add(functions.col(MatrixCollector.quoted(name))));
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i);
            columns.add(
                    functions.col(MatrixCollector.quoted(name)).cast("float").as(BlockScoring.FEATURE + i));
        }
        Broadcast<ShippedPredictor> shipped =
                new JavaSparkContext(data.sparkSession().sparkContext()).broadcast(model);
        MapPartitionsFunction<Row, Row> scoring = new BlockScoring(shipped, present.size(), inputs.size());
        return data.select(columns.toArray(Column[]::new)).mapPartitions(scoring, Encoders.row(schema));
    }

    /** The schema with one more column. */
    static StructType withOutput(StructType schema, String output) {
        if (Arrays.asList(schema.fieldNames()).contains(output)) {
            throw ArclightException.badInput(
                    "There is a column '%s' already: drop it or give the scores another name".formatted(output));
        }
        return schema.add(new StructField(output, DataTypes.FloatType, false, Metadata.empty()));
    }

    /** The names of the model's input columns, in its order. */
    private static List<String> inputs(Model model) {
        if (model.predictor().outputs() != 1) {
            throw ArclightException.badInput("%s gives %d numbers a row, but a column of scores takes one"
                    .formatted(model, model.predictor().outputs()));
        }
        List<String> names = new ArrayList<>();
        for (Field field : model.signature().inputs()) {
            String name = field.name();
            if (!(field instanceof Field.Column) || name == null) {
                throw ArclightException.badInput(
                        "%s takes inputs without names: score it row by row, or save it with named columns"
                                .formatted(model));
            }
            names.add(name);
        }
        return names;
    }

    private static void requireInputs(Dataset<Row> data, String what, List<String> inputs) {
        List<String> present = Arrays.asList(data.columns());
        List<String> missing =
                inputs.stream().filter(name -> !present.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw ArclightException.badInput(
                    "The table lacks %s, which %s needs; it has %s".formatted(missing, what, present));
        }
        inputs.forEach(name -> MatrixCollector.numeric(data, name, "input"));
    }
}
