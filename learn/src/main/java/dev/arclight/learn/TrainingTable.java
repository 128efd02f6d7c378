package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;

/** Checks of a table to be trained on where it is. */
final class TrainingTable {
    private TrainingTable() {}

    /** Refuses, by column and count, in one pass over the rows. */
    static void require(Dataset<Row> data, List<String> features, String label, String validation, String objective) {
        List<String> wanted = new ArrayList<>(features);
        wanted.add(label);
        List<Column> counts = new ArrayList<>();
        for (String name : wanted) {
            MatrixCollector.numeric(data, name, name.equals(label) ? "label" : "feature");
            counts.add(functions.count_if(
                    functions.col(MatrixCollector.quoted(name)).isNull()));
        }
        Column labels = functions.col(MatrixCollector.quoted(label)).cast("double");
        counts.add(functions.count_if(functions.isnan(labels)));
        counts.add(functions.min(labels));
        counts.add(functions.max(labels));
        Column training = functions.lit(true);
        if (!validation.isEmpty()) {
            training = functions.not(marker(data, validation));
            Column marked = functions.col(MatrixCollector.quoted(validation));
            counts.add(functions.count_if(marked.isNull()));
            counts.add(functions.count_if(marked));
            wanted.add(validation);
        }
        counts.add(functions.count_if(training));
        Row seen = data.agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new))
                .first();
        int at = features.size() + 1;
        List<String> found = new ArrayList<>();
        for (int c = 0; c < at; c++) {
            add(found, wanted.get(c), seen.getLong(c), "nulls");
        }
        add(found, label, seen.getLong(at), "NaN values");
        if (!validation.isEmpty()) {
            add(found, validation, seen.getLong(at + 3), "nulls");
        }
        if (!found.isEmpty()) {
            throw ArclightException.badInput(
                    "In the rows to train on, %s; fill or drop them (NaN in a feature means missing)"
                            .formatted(String.join(", ", found)));
        }
        if (seen.getLong(seen.length() - 1) == 0) {
            throw ArclightException.badInput("There are no rows to train on");
        }
        if (!validation.isEmpty() && seen.getLong(at + 4) == 0) {
            throw ArclightException.badInput(
                    "The column '%s' marks no rows to validate on: mark some, or leave validation out"
                            .formatted(validation));
        }
        boolean twoClasses = seen.getDouble(at + 1) == 0 && seen.getDouble(at + 2) == 1;
        if (objective.startsWith("binary:") && !twoClasses) {
            throw ArclightException.badInput("Labels in '%s' are from %s to %s, but %s needs both 0 and 1"
                    .formatted(label, seen.getDouble(at + 1), seen.getDouble(at + 2), objective));
        }
    }

    /**
     * The round with the best value, or 0.
     *
     * @param history by round; XGBoost makes room for all, and leaves zeros where training ended early
     * @param trained how many rounds there were
     * @throws ArclightException BAD_INPUT if a value is NaN (the round is named)
     */
    static int best(float[] history, int trained, XGBoostParams params) {
        int best = 0;
        for (int round = 0; round < Math.min(history.length, trained); round++) {
            if (Float.isNaN(history[round])) {
                throw ArclightException.badInput(
                        "The validation metric is NaN after round %d: check the data for extreme values, or lower the learning rate"
                                .formatted(round));
            }
            boolean better = params.isHigherBetter() ? history[round] > history[best] : history[round] < history[best];
            if (better) {
                best = round;
            }
        }
        return best;
    }

    private static Column marker(Dataset<Row> data, String validation) {
        boolean there = List.of(data.columns()).contains(validation);
        if (!there || !(data.schema().apply(validation).dataType() instanceof BooleanType)) {
            throw ArclightException.badInput(
                    "There is no boolean column '%s' to mark validation rows; the columns are %s"
                            .formatted(validation, List.of(data.columns())));
        }
        return functions.col(MatrixCollector.quoted(validation));
    }

    private static void add(List<String> found, String name, long count, String what) {
        if (count > 0) {
            found.add("'%s' has %d %s".formatted(name, count, what));
        }
    }
}
