package dev.arclight.exchange;

import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocks of column batches whose values Spark and Arrow hold alike (or as bytes and bits, for booleans): what a
 * cached table or a Parquet scan gives. Each value is copied to its place in the block at once. Not safe for use by
 * many threads.
 */
public final class BatchWriter {
    /** A block begins with room for so many batches like its first; few partitions are smaller than that. */
    private static final int FIRST_BATCHES = 8;

    private final StructType schema;
    private final byte[] schemaMessage;
    private final int mostRows;
    private final Consumer<Block> out;
    private @Nullable BatchBlock open;

    /**
     * @param schema one that {@link #takes}
     * @param targetBytes about how big a block is to be, at least 1; it has at least one row
     * @param out gets each block as soon as it is full; what it throws ends the writing
     */
    public BatchWriter(StructType schema, long targetBytes, Consumer<Block> out) {
        if (targetBytes < 1 || !takes(schema)) {
            throw new IllegalArgumentException("Blocks of %d bytes of %s".formatted(targetBytes, schema));
        }
        this.schema = schema;
        this.schemaMessage = SchemaMapping.message(schema);
        this.out = out;
        long bits = 0;
        for (StructField field : schema.fields()) {
            bits += 1 + BatchBlock.bits(field.dataType());
        }
        long rows = Math.min(targetBytes, Integer.MAX_VALUE) * 8 / bits;
        this.mostRows = (int) Math.max(1, Math.min(rows, BlockWriter.MOST_ROWS));
    }

    /** Whether batches of this schema are taken; where not, a {@link BlockWriter} takes its rows. */
    public static boolean takes(StructType schema) {
        return schema.length() > 0
                && Arrays.stream(schema.fields()).map(StructField::dataType).allMatch(BatchWriter::takes);
    }

    private static boolean takes(DataType type) {
        return type instanceof BooleanType || FixedBuilder.width(type) != 0;
    }

    /** Appends a batch, which may be changed afterwards. */
    public void write(ColumnarBatch batch) {
        int from = 0;
        while (from < batch.numRows()) {
            BatchBlock block = withRoom(batch.numRows() - from);
            int count = Math.min(block.room(), batch.numRows() - from);
            block.append(batch, from, count);
            from += count;
            if (block.rows() == mostRows) {
                finish();
            }
        }
    }

    /** Gives out what is left. */
    public void finish() {
        BatchBlock block = open;
        open = null;
        if (block != null) {
            out.accept(block.finish());
        }
    }

    private BatchBlock withRoom(int coming) {
        BatchBlock block = open;
        if (block == null) {
            block = new BatchBlock(schema, schemaMessage, (int) Math.min(mostRows, (long) coming * FIRST_BATCHES));
        } else if (block.room() == 0) {
            block = block.enlarged(mostRows);
        }
        open = block;
        return block;
    }
}
