package dev.arclight.exchange;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.Platform;

/** Decimals: a long, or big-endian bytes behind the row, in Spark; 16 bytes little-endian in Arrow. */
final class DecimalBuilder extends ValuesBuilder {
    private static final int WIDTH = 16;

    private final boolean inSlot;

    DecimalBuilder(int precision) {
        inSlot = precision <= Decimal.MAX_LONG_DIGITS();
    }

    @Override
    void append(Object base, Positions at) {
        byte[] out = values.reserve((long) at.count * WIDTH);
        for (int i = 0; i < at.count; i++) {
            long slot = at.slot[i];
            long to = values.end() + (long) i * WIDTH;
            if (slot == Positions.NULL) {
                Platform.putLong(out, to, 0);
                Platform.putLong(out, to + 8, 0);
            } else if (inSlot) {
                long unscaled = Platform.getLong(base, slot);
                Platform.putLong(out, to, unscaled);
                Platform.putLong(out, to + 8, unscaled >> 63);
            } else {
                long where = Platform.getLong(base, slot);
                long last = at.origin[i] + offset(where) + size(where) - 1;
                int size = size(where);
                byte sign = (byte) (Platform.getByte(base, last - size + 1) >> 7);
                for (int k = 0; k < WIDTH; k++) {
                    Platform.putByte(out, to + k, k < size ? Platform.getByte(base, last - k) : sign);
                }
            }
        }
        values.grow(at.count * WIDTH);
        validity.append(at);
    }
}
