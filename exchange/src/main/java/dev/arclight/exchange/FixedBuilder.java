package dev.arclight.exchange;

import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** Values of 1, 2, 4 or 8 bytes that Spark and Arrow hold alike. Bits are copied, so NaNs stay which they are. */
final class FixedBuilder extends ValuesBuilder {
    private final int width;

    FixedBuilder(int width) {
        this.width = width;
    }

    /** Bytes of a value, or 0 for types that this does not serve. */
    static int width(DataType type) {
        if (type instanceof LongType
                || type instanceof DoubleType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType
                || type instanceof DayTimeIntervalType
                || type instanceof TimeType) {
            return 8;
        } else if (type instanceof IntegerType
                || type instanceof FloatType
                || type instanceof DateType
                || type instanceof YearMonthIntervalType) {
            return 4;
        } else if (type instanceof ShortType) {
            return 2;
        }
        return type instanceof ByteType ? 1 : 0;
    }

    @Override
    void append(Object base, Positions at) {
        int count = at.count;
        byte[] out = values.reserve((long) count * width);
        long to = values.end();
        long[] slot = at.slot;
        switch (width) {
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    Platform.putLong(out, to + i * 8L, slot[i] < 0 ? 0 : Platform.getLong(base, slot[i]));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    Platform.putInt(out, to + i * 4L, slot[i] < 0 ? 0 : Platform.getInt(base, slot[i]));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    Platform.putShort(out, to + i * 2L, slot[i] < 0 ? 0 : Platform.getShort(base, slot[i]));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    Platform.putByte(out, to + i, slot[i] < 0 ? 0 : Platform.getByte(base, slot[i]));
                }
            }
        }
        values.grow(count * width);
        validity.append(at);
    }

    @Override
    void append(ColumnVector vector, int count, DataType type) {
        byte[] out = values.reserve((long) count * width);
        if (!vector.hasNull()) {
            copy(vector, 0, count, type, out, values.end());
            validity.appendPresent(count);
        } else if (vector instanceof WritableColumnVector || vector instanceof PlainColumn) {
            copy(vector, 0, count, type, out, values.end());
            for (int i = 0; i < count; i++) {
                boolean present = !vector.isNullAt(i);
                validity.append(present);
                if (!present) {
                    Platform.setMemory(out, values.end() + (long) i * width, width, (byte) 0);
                }
            }
        } else {
            // Other vectors may refuse to give what lies at a null.
            Platform.setMemory(out, values.end(), (long) count * width, (byte) 0);
            for (int i = 0; i < count; i++) {
                boolean present = !vector.isNullAt(i);
                validity.append(present);
                if (present) {
                    copy(vector, i, 1, type, out, values.end() + (long) i * width);
                }
            }
        }
        values.grow(count * width);
    }

    private void copy(ColumnVector vector, int from, int count, DataType type, byte[] out, long to) {
        long bytes = (long) count * width;
        if (type instanceof DoubleType) {
            Platform.copyMemory(vector.getDoubles(from, count), Platform.DOUBLE_ARRAY_OFFSET, out, to, bytes);
        } else if (type instanceof FloatType) {
            Platform.copyMemory(vector.getFloats(from, count), Platform.FLOAT_ARRAY_OFFSET, out, to, bytes);
        } else if (width == 8) {
            Platform.copyMemory(vector.getLongs(from, count), Platform.LONG_ARRAY_OFFSET, out, to, bytes);
        } else if (width == 4) {
            Platform.copyMemory(vector.getInts(from, count), Platform.INT_ARRAY_OFFSET, out, to, bytes);
        } else if (width == 2) {
            Platform.copyMemory(vector.getShorts(from, count), Platform.SHORT_ARRAY_OFFSET, out, to, bytes);
        } else {
            Platform.copyMemory(vector.getBytes(from, count), Platform.BYTE_ARRAY_OFFSET, out, to, bytes);
        }
    }
}
