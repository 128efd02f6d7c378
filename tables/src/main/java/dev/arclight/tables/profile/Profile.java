package dev.arclight.tables.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * A table in numbers. Plain data, which Jackson writes as it stands (with its JDK 8 module).
 *
 * @param rows how many
 * @param duplicates rows that are equal to an earlier one, so {@code rows - duplicates} differ; empty if not asked for.
 *     Rows are compared by a 128-bit hash
 * @param columns in the order of the table
 * @param groups by value of the grouping column, values in order
 * @param correlations of the numeric columns, if asked for and there are at least two
 * @param head first rows, cells as text, null as null
 */
public record Profile(
        long rows,
        OptionalLong duplicates,
        List<ColumnProfile> columns,
        List<GroupProfile> groups,
        Optional<Correlations> correlations,
        List<List<@Nullable String>> head) {
    public Profile {
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
        head = new ArrayList<>(head);
    }

    /**
     * Reads {@code table} once, in one job (see {@link ProfileOptions#duplicates} for the exception).
     *
     * <p>Quantiles and histograms come from KLL sketches (Karnin, Lang, Liberty 2016; k = 8192) that hold all values up
     * to 8,192 of a column and are exact there; beyond, ranks are within 0.05%. Distinct counts come from theta
     * sketches of 16,384 entries, frequent values from Misra-Gries sketches of 768. Columns that are neither numbers,
     * text, booleans, dates nor timestamps are counted by their text.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT if the grouping column does not exist or has more than 20
     *     values
     */
    public static Profile of(Dataset<Row> table, ProfileOptions options) {
        return new ProfileJob(table, options).run();
    }

    /** The column called {@code name}. */
    public ColumnProfile column(String name) {
        return columns.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("No column " + name));
    }
}
