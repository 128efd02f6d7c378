package dev.arclight.exchange;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocks of rows: each about as big as asked for, no row in two. Rows are first copied, as Spark lays them, into
 * a piece of memory that fits a processor's cache, and from there column by column. Not safe for use by many threads.
 */
public final class BlockWriter {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int CHUNK_ROWS = 4096;
    /** Where rows have no bytes to speak of. */
    static final long MOST_ROWS = 1 << 26;

    private final StructType schema;
    private final byte[] schemaMessage;
    private final long targetBytes;
    private final Consumer<Block> out;
    private final List<ColumnBuilder> columns = new ArrayList<>();
    private final Positions positions = new Positions();
    private byte[] chunk = new byte[CHUNK_BYTES];
    private final long[] rowAt = new long[CHUNK_ROWS];
    private int chunkBytes;
    private int chunkRows;
    private long blockRows;
    private @Nullable UnsafeProjection projection;

    /**
     * @param targetBytes about how big a block is to be, at least 1; a single row may be bigger
     * @param out gets each block as soon as it is full; what it throws ends the writing
     * @throws dev.arclight.base.ArclightException BAD_INPUT if {@link SchemaMapping} refuses a column
     */
    public BlockWriter(StructType schema, long targetBytes, Consumer<Block> out) {
        if (targetBytes < 1) {
            throw new IllegalArgumentException("Block of %d bytes".formatted(targetBytes));
        }
        this.schema = schema;
        this.schemaMessage = SchemaMapping.message(schema);
        this.targetBytes = targetBytes;
        this.out = out;
        for (StructField field : schema.fields()) {
            columns.add(ColumnBuilder.of(field.name(), field.dataType()));
        }
    }

    /** Appends rows. */
    public void write(Iterator<InternalRow> rows) {
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            append(row instanceof UnsafeRow unsafe ? unsafe : project(row));
        }
        flush();
    }

    /** Gives out what is left. */
    public void finish() {
        flush();
        if (blockRows > 0) {
            cut();
        }
    }

    /** A block without rows. */
    public static Block empty(StructType schema) {
        List<Block> made = new ArrayList<>(1);
        new BlockWriter(schema, 1, made::add).cut();
        return made.get(0);
    }

    private UnsafeRow project(InternalRow row) {
        UnsafeProjection known = projection;
        if (known == null) {
            known = UnsafeProjection.create(schema);
            projection = known;
        }
        return known.apply(row);
    }

    private void append(UnsafeRow row) {
        int size = row.getSizeInBytes();
        if (chunkRows == CHUNK_ROWS || chunkBytes + size > chunk.length) {
            flush();
            if (size > chunk.length) {
                chunk = new byte[size];
            }
        }
        Platform.copyMemory(
                row.getBaseObject(), row.getBaseOffset(), chunk, Platform.BYTE_ARRAY_OFFSET + chunkBytes, size);
        rowAt[chunkRows++] = (long) Platform.BYTE_ARRAY_OFFSET + chunkBytes;
        chunkBytes += size;
    }

    private void flush() {
        if (chunkRows == 0) {
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            positions.ofField(chunk, rowAt, chunkRows, i, columns.size());
            columns.get(i).append(chunk, positions);
        }
        blockRows += chunkRows;
        chunkRows = 0;
        chunkBytes = 0;
        cutIfFull();
    }

    private void cutIfFull() {
        long bytes = 0;
        for (ColumnBuilder column : columns) {
            bytes += column.bytes();
        }
        if (bytes >= targetBytes || blockRows >= MOST_ROWS) {
            cut();
        }
    }

    private void cut() {
        Layout layout = new Layout();
        columns.forEach(column -> column.describe(layout));
        Block block = new Block(layout.stream(schemaMessage, blockRows), blockRows);
        columns.forEach(ColumnBuilder::clear);
        blockRows = 0;
        out.accept(block);
    }
}
