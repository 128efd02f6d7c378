package dev.arclight.base.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows under column headings. Long tables show their first rows and a button for the rest; wide ones scroll sideways.
 *
 * <pre>{@code
 * Table.of(Column.code("feature"), Column.fixed("rows", 0), Column.percent("missing", 1))
 *         .row("alcohol", 6497, 0.0)
 *         .sortable();
 * }</pre>
 */
public final class Table {
    private final List<Column> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private String caption = "";
    private boolean sortable;

    private Table(List<Column> columns) {
        this.columns = columns;
    }

    /** A table without rows. */
    public static Table of(Column... columns) {
        return of(List.of(columns));
    }

    /** A table without rows. */
    public static Table of(List<Column> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("A table needs a column");
        }
        return new Table(List.copyOf(columns));
    }

    /** A table without rows, all of whose columns are text. */
    public static Table ofText(String... columns) {
        return of(Arrays.stream(columns).map(Column::text).toList());
    }

    /**
     * Adds a row.
     *
     * @param cells one a column: numbers, a {@link Text}, or anything else, shown by its {@code toString}; null and NaN
     *     are shown as a dash
     * @throws IllegalArgumentException if there are more or fewer cells than columns
     */
    public Table row(@Nullable Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("%d cells for %d columns: %s"
                    .formatted(
                            cells.length,
                            columns.size(),
                            columns.stream().map(Column::name).toList()));
        }
        rows.add(Collections.unmodifiableList(Arrays.asList(cells.clone())));
        return this;
    }

    /** A line above the table that says what it is. */
    public Table caption(String text) {
        caption = Objects.requireNonNull(text);
        return this;
    }

    /** Lets the reader sort by a click on a heading. */
    public Table sortable() {
        sortable = true;
        return this;
    }

    List<Column> columns() {
        return columns;
    }

    List<List<@Nullable Object>> rows() {
        return rows;
    }

    String caption() {
        return caption;
    }

    boolean isSortable() {
        return sortable;
    }
}
