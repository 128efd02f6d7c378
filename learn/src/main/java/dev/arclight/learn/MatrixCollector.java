package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/** Brings a DataFrame to the heap, checked. */
public final class MatrixCollector {
    private MatrixCollector() {}

    static LabeledMatrix collect(Dataset<Row> data, List<String> features, String label) {
        List<String> wanted = new ArrayList<>(features);
        wanted.add(label);
        List<Column> columns = new ArrayList<>();
        for (String name : wanted) {
            StructField field = numeric(data, name, name.equals(label) ? "label" : "feature");
            columns.add(functions.col(quoted(field.name())).cast("float"));
        }
        List<Row> rows = data.select(columns.toArray(Column[]::new)).collectAsList();
        if (rows.isEmpty()) {
            throw ArclightException.badInput("There are no rows to train on");
        }
        int width = features.size();
        float[][] cells = new float[rows.size()][width + 1];
        int[] nulls = new int[width + 1];
        int[] unusable = new int[width + 1];
        for (int r = 0; r < cells.length; r++) {
            Row row = rows.get(r);
            for (int c = 0; c <= width; c++) {
                if (row.isNullAt(c)) {
                    nulls[c]++;
                    continue;
                }
                float value = row.getFloat(c) + 0f; // no negative zero
                if (Float.isInfinite(value) || (c == width && Float.isNaN(value))) {
                    unusable[c]++;
                }
                cells[r][c] = value;
            }
        }
        refuse(wanted, nulls, unusable, rows.size());
        Arrays.sort(cells, Arrays::compare);
        float[] values = new float[Math.multiplyExact(cells.length, width)];
        float[] labels = new float[cells.length];
        for (int r = 0; r < cells.length; r++) {
            System.arraycopy(cells[r], 0, values, r * width, width);
            labels[r] = cells[r][width];
        }
        return new LabeledMatrix(new Matrix(values, cells.length, features), labels);
    }

    static void requireTwoClasses(float[] labels, String what) {
        int ones = 0;
        for (float label : labels) {
            if (label != 0 && label != 1) {
                throw ArclightException.badInput(
                        "A label in %s is %s; labels of two classes are 0 and 1".formatted(what, label));
            }
            ones += label == 1 ? 1 : 0;
        }
        if (ones == 0 || ones == labels.length) {
            throw ArclightException.badInput(
                    "All %d labels in %s are %d: two classes cannot be told apart, so check the label column and the split"
                            .formatted(labels.length, what, ones == 0 ? 0 : 1));
        }
    }

    /**
     * The column {@code name}, if it is there and holds numbers or booleans.
     *
     * @param role names it in messages, such as {@code "label"}
     * @throws ArclightException BAD_INPUT if not
     */
    public static StructField numeric(Dataset<Row> data, String name, String role) {
        StructField field = Arrays.stream(data.schema().fields())
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ArclightException.badInput("There is no %s column '%s'; the columns are %s%s"
                        .formatted(role, name, Arrays.toString(data.columns()), sameButForCase(data, name))));
        DataType type = field.dataType();
        if (!(type instanceof NumericType || type instanceof BooleanType)) {
            long values = data.filter(functions.col(quoted(name)).isNotNull()).count();
            throw ArclightException.badInput(
                    "The %s column '%s' holds %s (%d values), but numbers or booleans are needed: cast or encode it"
                            .formatted(role, name, type.simpleString(), values));
        }
        return field;
    }

    /** A name as Spark parses it, dots and all. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static String sameButForCase(Dataset<Row> data, String name) {
        return Arrays.stream(data.columns())
                .filter(c ->
                        c.strip().toLowerCase(Locale.ROOT).equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(c -> "; did you mean '" + c + "'?")
                .orElse("");
    }

    private static void refuse(List<String> names, int[] nulls, int[] unusable, int rows) {
        List<String> found = new ArrayList<>();
        IntStream.range(0, names.size()).forEach(c -> {
            if (nulls[c] > 0) {
                found.add("'%s' has %d nulls".formatted(names.get(c), nulls[c]));
            }
            if (unusable[c] > 0) {
                boolean label = c == names.size() - 1;
                found.add("'%s' has %d %s values"
                        .formatted(names.get(c), unusable[c], label ? "NaN or infinite" : "infinite"));
            }
        });
        if (!found.isEmpty()) {
            throw ArclightException.badInput("Of %d rows, %s; fill or drop them (NaN in a feature means missing)"
                    .formatted(rows, String.join(", ", found)));
        }
    }
}
