package dev.arclight.exchange;

import dev.arclight.base.ArclightException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.jspecify.annotations.Nullable;

/** Values of fixed width, and the column of nothing but nulls. */
final class PlainColumn extends BlockColumn {
    private static final int WIDE = 16;

    private final long values;
    private final boolean nothing;

    /** @param values where they begin, as {@link Platform} counts */
    PlainColumn(DataType type, byte[] bytes, Body.Node node, long values, boolean nothing) {
        super(type, bytes, node);
        this.values = values;
        this.nothing = nothing;
    }

    @Override
    public boolean isNullAt(int row) {
        return nothing || super.isNullAt(row);
    }

    @Override
    public boolean getBoolean(int row) {
        return (Platform.getByte(bytes, values + (row >> 3)) >> (row & 7) & 1) != 0;
    }

    @Override
    public byte getByte(int row) {
        return Platform.getByte(bytes, values + row);
    }

    @Override
    public byte[] getBytes(int row, int count) {
        return copied(row, count, new byte[count], Platform.BYTE_ARRAY_OFFSET);
    }

    @Override
    public short getShort(int row) {
        return Platform.getShort(bytes, values + row * 2L);
    }

    @Override
    public short[] getShorts(int row, int count) {
        return copied(row * 2L, count * 2L, new short[count], Platform.SHORT_ARRAY_OFFSET);
    }

    @Override
    public int getInt(int row) {
        return Platform.getInt(bytes, values + row * 4L);
    }

    @Override
    public int[] getInts(int row, int count) {
        return copied(row * 4L, count * 4L, new int[count], Platform.INT_ARRAY_OFFSET);
    }

    @Override
    public long getLong(int row) {
        return Platform.getLong(bytes, values + row * 8L);
    }

    @Override
    public long[] getLongs(int row, int count) {
        return copied(row * 8L, count * 8L, new long[count], Platform.LONG_ARRAY_OFFSET);
    }

    @Override
    public float getFloat(int row) {
        return Platform.getFloat(bytes, values + row * 4L);
    }

    @Override
    public float[] getFloats(int row, int count) {
        return copied(row * 4L, count * 4L, new float[count], Platform.FLOAT_ARRAY_OFFSET);
    }

    @Override
    public double getDouble(int row) {
        return Platform.getDouble(bytes, values + row * 8L);
    }

    @Override
    public double[] getDoubles(int row, int count) {
        return copied(row * 8L, count * 8L, new double[count], Platform.DOUBLE_ARRAY_OFFSET);
    }

    private <T> T copied(long from, long length, T array, long offset) {
        Platform.copyMemory(bytes, values + from, array, offset, length);
        return array;
    }

    @Override
    public @Nullable Decimal getDecimal(int row, int precision, int scale) {
        if (isNullAt(row)) {
            return null;
        }
        long at = values + (long) row * WIDE;
        if (precision <= Decimal.MAX_LONG_DIGITS()) {
            return Decimal.createUnsafe(Platform.getLong(bytes, at), precision, scale);
        }
        byte[] unscaled = new byte[WIDE];
        for (int i = 0; i < WIDE; i++) {
            unscaled[i] = Platform.getByte(bytes, at + WIDE - 1 - i);
        }
        return Decimal.apply(new BigDecimal(new BigInteger(unscaled), scale), precision, scale);
    }

    @Override
    public @Nullable CalendarInterval getInterval(int row) {
        if (isNullAt(row)) {
            return null;
        }
        long at = values + (long) row * WIDE;
        long nanos = Platform.getLong(bytes, at + 8);
        if (nanos % IntervalBuilder.NANOS != 0) {
            throw ArclightException.badInput(
                    "An interval has %d nanoseconds, and Spark's have whole microseconds: round it".formatted(nanos));
        }
        return new CalendarInterval(
                Platform.getInt(bytes, at), Platform.getInt(bytes, at + 4), nanos / IntervalBuilder.NANOS);
    }
}
