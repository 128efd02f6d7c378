package dev.arclight.exchange;

import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.Platform;

/** A block while it is filled with values, each of which lies where it is in the end: there is no second copy. */
final class BatchBlock {
    private final StructType schema;
    private final byte[] schemaMessage;
    private final int capacity;
    private final int[] nulls;
    private final Layout.Frame frame;
    private int rows;

    /** @param capacity how many rows it has room for, at least 1 */
    BatchBlock(StructType schema, byte[] schemaMessage, int capacity) {
        this.schema = schema;
        this.schemaMessage = schemaMessage;
        this.capacity = capacity;
        this.nulls = new int[schema.length()];
        this.frame = layout(capacity).frame(schemaMessage, capacity, null);
    }

    /** Bits that a value takes in a block. */
    static int bits(DataType type) {
        return type instanceof BooleanType ? 1 : 8 * FixedBuilder.width(type);
    }

    int rows() {
        return rows;
    }

    int room() {
        return capacity - rows;
    }

    /** The same rows in a block with room for more. */
    BatchBlock enlarged(int to) {
        BatchBlock larger = new BatchBlock(schema, schemaMessage, to);
        copyTo(larger.frame);
        System.arraycopy(nulls, 0, larger.nulls, 0, nulls.length);
        larger.rows = rows;
        return larger;
    }

    /** Appends rows of a batch, for which there is room. */
    void append(ColumnarBatch batch, int from, int count) {
        for (int i = 0; i < nulls.length; i++) {
            ColumnVector vector = batch.column(i);
            DataType type = schema.fields()[i].dataType();
            if (type instanceof BooleanType) {
                appendBits(i, vector, from, count);
            } else {
                appendValues(i, vector, from, count, type);
            }
        }
        rows += count;
    }

    /** The block; nothing is appended any more. One that is not full is copied once. */
    Block finish() {
        Layout.Frame last = layout(rows).frame(schemaMessage, rows, rows == capacity ? frame.bytes : null);
        if (last.bytes != frame.bytes) {
            copyTo(last);
        }
        return new Block(last.bytes, rows);
    }

    /** Each column with validity, also where nothing is null: whether something will be is not known at the begin. */
    private Layout layout(int count) {
        Layout layout = new Layout();
        for (int i = 0; i < nulls.length; i++) {
            layout.node(count, nulls[i]);
            layout.space((count + 7L) / 8);
            layout.space(valueBytes(i, count));
        }
        return layout;
    }

    private long valueBytes(int column, long count) {
        return (count * bits(schema.fields()[column].dataType()) + 7) / 8;
    }

    private void copyTo(Layout.Frame to) {
        for (int i = 0; i < nulls.length; i++) {
            copy(to, 2 * i, (rows + 7L) / 8);
            copy(to, 2 * i + 1, valueBytes(i, rows));
        }
    }

    private void copy(Layout.Frame to, int buffer, long length) {
        System.arraycopy(frame.bytes, frame.places[buffer], to.bytes, to.places[buffer], (int) length);
    }

    private void appendBits(int column, ColumnVector vector, int from, int count) {
        boolean mayBeNull = vector.hasNull();
        for (int i = 0; i < count; i++) {
            if (mayBeNull && vector.isNullAt(from + i)) {
                nulls[column]++;
            } else {
                set(2 * column, rows + i);
                if (vector.getBoolean(from + i)) {
                    set(2 * column + 1, rows + i);
                }
            }
        }
    }

    private void appendValues(int column, ColumnVector vector, int from, int count, DataType type) {
        int width = FixedBuilder.width(type);
        long to = Growing.BASE + frame.places[2 * column + 1] + (long) rows * width;
        if (!vector.hasNull()) {
            copy(vector, from, count, type, to);
            setAll(2 * column, count);
            return;
        }
        // Other vectors may refuse to give what lies at a null.
        boolean allAtOnce = vector instanceof WritableColumnVector || vector instanceof PlainColumn;
        if (allAtOnce) {
            copy(vector, from, count, type, to);
        }
        for (int i = 0; i < count; i++) {
            long at = to + (long) i * width;
            if (vector.isNullAt(from + i)) {
                nulls[column]++;
                Platform.setMemory(frame.bytes, at, width, (byte) 0);
            } else {
                set(2 * column, rows + i);
                if (!allAtOnce) {
                    copy(vector, from + i, 1, type, at);
                }
            }
        }
    }

    private void set(int buffer, int bit) {
        frame.bytes[frame.places[buffer] + (bit >> 3)] |= (byte) (1 << (bit & 7));
    }

    /** Sets the next {@code count} bits of a buffer that has one for each row. */
    private void setAll(int buffer, int count) {
        int bit = rows;
        int end = rows + count;
        for (; bit < end && (bit & 7) != 0; bit++) {
            set(buffer, bit);
        }
        int whole = (end - bit) >> 3;
        Platform.setMemory(frame.bytes, Growing.BASE + frame.places[buffer] + (bit >> 3), whole, (byte) -1);
        for (bit += whole << 3; bit < end; bit++) {
            set(buffer, bit);
        }
    }

    private void copy(ColumnVector vector, int from, int count, DataType type, long to) {
        int width = FixedBuilder.width(type);
        long length = (long) count * width;
        byte[] out = frame.bytes;
        if (type instanceof DoubleType) {
            Platform.copyMemory(vector.getDoubles(from, count), Platform.DOUBLE_ARRAY_OFFSET, out, to, length);
        } else if (type instanceof FloatType) {
            Platform.copyMemory(vector.getFloats(from, count), Platform.FLOAT_ARRAY_OFFSET, out, to, length);
        } else if (width == 8) {
            Platform.copyMemory(vector.getLongs(from, count), Platform.LONG_ARRAY_OFFSET, out, to, length);
        } else if (width == 4) {
            Platform.copyMemory(vector.getInts(from, count), Platform.INT_ARRAY_OFFSET, out, to, length);
        } else if (width == 2) {
            Platform.copyMemory(vector.getShorts(from, count), Platform.SHORT_ARRAY_OFFSET, out, to, length);
        } else {
            Platform.copyMemory(vector.getBytes(from, count), Platform.BYTE_ARRAY_OFFSET, out, to, length);
        }
    }
}
