package dev.arclight.tables;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * One declared column. Immutable; refinements return new objects.
 *
 * @param name canonical, as it appears in the result
 * @param type integer, long, float, double, decimal, string, boolean, date or timestamp without time zone
 * @param nullable whether an empty cell is null; otherwise an empty cell (and NaN) is an error
 * @param optional whether a file may lack the column, which then is null; implies {@code nullable}
 * @param aliases other names that files use; compared like {@code name}: case, surrounding spaces and the difference
 *     between a space and an underscore do not matter
 * @param formats of dates and timestamps, in order of trial ({@link java.time.format.DateTimeFormatter} patterns); ISO
 *     is always tried first
 * @param values cells that stand for another value, as text: {@code CASH} for {@code 2}; case does not matter
 */
public record Column(
        String name,
        DataType type,
        boolean nullable,
        boolean optional,
        List<String> aliases,
        List<String> formats,
        Map<String, String> values)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public Column {
        Objects.requireNonNull(type);
        if (name.isBlank()) {
            throw new IllegalArgumentException("A column needs a name");
        }
        if (!isSupported(type)) {
            throw new IllegalArgumentException("Column %s: type %s cannot be read from text; use integer, long, float,"
                            .formatted(name, type.catalogString())
                    + " double, decimal, string, boolean, date or timestamp_ntz");
        }
        if (optional && !nullable) {
            throw new IllegalArgumentException("Column " + name + " is optional, so it must be nullable");
        }
        aliases = List.copyOf(aliases);
        formats = List.copyOf(formats);
        values = Map.copyOf(values);
    }

    /** A column that each file has, without empty cells. */
    public static Column of(String name, DataType type) {
        return new Column(name, type, false, false, List.of(), List.of(), Map.of());
    }

    /** This column with empty cells read as null. */
    public Column asNullable() {
        return new Column(name, type, true, optional, aliases, formats, values);
    }

    /** This column, which files may lack; then it is null. */
    public Column asOptional() {
        return new Column(name, type, true, true, aliases, formats, values);
    }

    /** This column with further names that files use for it. */
    public Column withAliases(String... more) {
        List<String> all = new ArrayList<>(aliases);
        all.addAll(List.of(more));
        return new Column(name, type, nullable, optional, all, formats, values);
    }

    /** This column with further patterns of dates or timestamps, such as {@code dd/MM/yyyy H:mm}. */
    public Column withFormats(String... more) {
        List<String> all = new ArrayList<>(formats);
        all.addAll(List.of(more));
        return new Column(name, type, nullable, optional, aliases, all, values);
    }

    /** This column with cells that stand for another value: {@code CASH} for {@code 2}. Case does not matter. */
    public Column withValues(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(more);
        return new Column(name, type, nullable, optional, aliases, formats, all);
    }

    private static boolean isSupported(DataType type) {
        return type instanceof IntegerType
                || type instanceof LongType
                || type instanceof FloatType
                || type instanceof DoubleType
                || type instanceof DecimalType
                || type instanceof StringType
                || type instanceof BooleanType
                || type instanceof DateType
                || type instanceof TimestampNTZType;
    }
}
