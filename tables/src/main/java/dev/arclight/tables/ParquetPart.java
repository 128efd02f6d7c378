package dev.arclight.tables;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.jspecify.annotations.Nullable;

/** The rows of one part of a Parquet file, as Spark's own reader gives them. */
final class ParquetPart implements LenientRows.Records {
    private final Iterator<InternalRow> rows;
    private final TypedCells cells;
    private final long bytes;
    private @Nullable InternalRow current;

    ParquetPart(Iterator<InternalRow> rows, TypedCells cells, long bytes) {
        this.rows = rows;
        this.cells = cells;
        this.bytes = bytes;
    }

    @Override
    public boolean next() throws IOException {
        try {
            boolean any = rows.hasNext();
            current = any ? rows.next() : null;
            return any;
        } catch (Exception e) { // Spark's reader throws checked exceptions that it does not declare
            if (TaskContext.get().isInterrupted() || e instanceof InterruptedException) {
                throw e;
            }
            throw new IOException(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }

    @Override
    public @Nullable UnsafeRow row(RowParser parser) {
        InternalRow row = current;
        if (row == null) {
            throw new IllegalStateException("There is no row");
        }
        return parser.row(row, cells);
    }

    @Override
    public long offset() {
        return -1;
    }

    @Override
    public long lines() {
        return 0;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        // Spark closes its own reader.
    }
}
