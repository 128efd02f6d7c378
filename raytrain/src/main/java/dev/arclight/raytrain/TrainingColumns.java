package dev.arclight.raytrain;

import dev.arclight.base.ArclightException;
import dev.arclight.learn.MatrixCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;

/**
 * The columns of a table that workers get, checked before anything is moved.
 *
 * @param validation a boolean column, or empty
 */
record TrainingColumns(List<String> features, String label, String validation) {
    TrainingColumns {
        features = List.copyOf(features);
    }

    /**
     * Reads the table once.
     *
     * @throws ArclightException BAD_INPUT for columns that are missing, of other types, or hold nulls or NaN (column
     *     and count named), and if no rows are to be trained on
     */
    void require(Dataset<Row> data) {
        List<String> wanted = numbers();
        List<Column> counts = new ArrayList<>();
        for (String name : wanted) {
            MatrixCollector.numeric(data, name, name.equals(label) ? "label" : "feature");
            Column value = functions.col(MatrixCollector.quoted(name)).cast("float");
            counts.add(functions.count_if(value.isNull()));
            counts.add(functions.count_if(functions.isnan(value)));
        }
        Column held = validation.isEmpty() ? functions.lit(false) : marker(data);
        counts.add(functions.count_if(held.isNull()));
        counts.add(functions.count_if(functions.not(held)));
        counts.add(functions.count_if(held));
        Row seen = data.agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new))
                .first();
        List<String> found = new ArrayList<>();
        IntStream.range(0, wanted.size()).forEach(c -> {
            add(found, wanted.get(c), seen.getLong(2 * c), "nulls");
            add(found, wanted.get(c), seen.getLong(2 * c + 1), "NaN values");
        });
        int after = 2 * wanted.size();
        add(found, validation, seen.getLong(after), "nulls");
        if (!found.isEmpty()) {
            throw ArclightException.badInput(
                    "In the rows to train on, %s; fill or drop them".formatted(String.join(", ", found)));
        }
        if (seen.getLong(after + 1) == 0) {
            throw ArclightException.badInput("There are no rows to train on");
        }
        if (!validation.isEmpty() && seen.getLong(after + 2) == 0) {
            throw ArclightException.badInput(
                    "The column '%s' marks no rows to validate on: mark some, or leave validation out"
                            .formatted(validation));
        }
    }

    /** The rows of one dataset: features and label, float32, in this order. */
    Dataset<Row> rows(Dataset<Row> data, boolean held) {
        Dataset<Row> chosen = data;
        if (!validation.isEmpty()) {
            Column marked = marker(data);
            chosen = data.filter(held ? marked : functions.not(marked));
        }
        return chosen.select(numbers().stream()
                .map(name -> functions
                        .col(MatrixCollector.quoted(name))
                        .cast("float")
                        .as(name))
                .toArray(Column[]::new));
    }

    private List<String> numbers() {
        List<String> all = new ArrayList<>(features);
        all.add(label);
        return all;
    }

    private Column marker(Dataset<Row> data) {
        boolean there = Arrays.asList(data.columns()).contains(validation);
        if (!there || !(data.schema().apply(validation).dataType() instanceof BooleanType)) {
            throw ArclightException.badInput(
                    "There is no boolean column '%s' to mark validation rows; the columns are %s"
                            .formatted(validation, Arrays.toString(data.columns())));
        }
        return functions.col(MatrixCollector.quoted(validation));
    }

    private static void add(List<String> found, String name, long count, String what) {
        if (count > 0) {
            found.add("'%s' has %d %s".formatted(name, count, what));
        }
    }
}
