package dev.arclight.learn;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/** Rows of features on the heap: float32, row-major. Immutable by agreement: nobody writes to {@link #values()}. */
public final class Matrix implements Serializable {
    private static final long serialVersionUID = 1L;

    private final float[] values;
    private final int rows;
    private final List<String> columns;

    /**
     * Wraps rows.
     *
     * @param values float32, shape (rows, columns), row-major; NaN is a missing value; not copied
     * @param rows at least 0
     * @param columns names of the columns, unique, at least one
     */
    public Matrix(float[] values, int rows, List<String> columns) {
        this.values = Objects.requireNonNull(values);
        this.rows = rows;
        this.columns = List.copyOf(columns);
        if (columns.isEmpty() || columns.stream().distinct().count() != columns.size()) {
            throw new IllegalArgumentException("Columns must be at least one and unique, but are " + columns);
        }
        if (values.length != (long) rows * columns.size()) {
            throw new IllegalArgumentException(
                    "%d values for shape (%d, %d)".formatted(values.length, rows, columns.size()));
        }
    }

    /** All values, shape (rows, columns), row-major; not a copy. */
    public float[] values() {
        return values;
    }

    public int rows() {
        return rows;
    }

    /** The names of the columns, in order. */
    public List<String> columns() {
        return columns;
    }

    /** One value. */
    public float at(int row, int column) {
        return values[Objects.checkIndex(row, rows) * columns.size() + Objects.checkIndex(column, columns.size())];
    }

    /** The first {@code count} rows, or all if there are fewer; a copy. */
    public Matrix head(int count) {
        int kept = Math.min(count, rows);
        return new Matrix(java.util.Arrays.copyOf(values, kept * columns.size()), kept, columns);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix m
                && rows == m.rows
                && columns.equals(m.columns)
                && java.util.Arrays.equals(values, m.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rows, columns, java.util.Arrays.hashCode(values));
    }

    @Override
    public String toString() {
        return "Matrix[%d rows of %s]".formatted(rows, columns);
    }
}
