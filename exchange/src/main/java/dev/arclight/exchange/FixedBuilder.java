package dev.arclight.exchange;

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
}
