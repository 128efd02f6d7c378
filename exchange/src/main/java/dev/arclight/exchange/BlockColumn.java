package dev.arclight.exchange;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** A vector over a block's bytes. What a type does not have is refused here; {@link #close()} has nothing to free. */
abstract class BlockColumn extends ColumnVector {
    final byte[] bytes;
    private final Body.Node node;

    BlockColumn(DataType type, byte[] bytes, Body.Node node) {
        super(type);
        this.bytes = bytes;
        this.node = node;
    }

    @Override
    public final void close() {}

    @Override
    public final boolean hasNull() {
        return node.nulls() > 0;
    }

    @Override
    public final int numNulls() {
        return node.nulls();
    }

    @Override
    public boolean isNullAt(int row) {
        return node.isNull(bytes, row);
    }

    @Override
    public boolean getBoolean(int row) {
        throw wrong("boolean");
    }

    @Override
    public byte getByte(int row) {
        throw wrong("byte");
    }

    @Override
    public short getShort(int row) {
        throw wrong("short");
    }

    @Override
    public int getInt(int row) {
        throw wrong("int");
    }

    @Override
    public long getLong(int row) {
        throw wrong("long");
    }

    @Override
    public float getFloat(int row) {
        throw wrong("float");
    }

    @Override
    public double getDouble(int row) {
        throw wrong("double");
    }

    @Override
    public @Nullable ColumnarArray getArray(int row) {
        throw wrong("array");
    }

    @Override
    public @Nullable ColumnarMap getMap(int row) {
        throw wrong("map");
    }

    @Override
    public @Nullable Decimal getDecimal(int row, int precision, int scale) {
        throw wrong("decimal");
    }

    @Override
    public @Nullable UTF8String getUTF8String(int row) {
        throw wrong("string");
    }

    @Override
    public byte @Nullable [] getBinary(int row) {
        throw wrong("binary");
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        throw wrong("child");
    }

    private UnsupportedOperationException wrong(String asked) {
        return new UnsupportedOperationException("A column of type %s has no %s".formatted(type, asked));
    }
}
