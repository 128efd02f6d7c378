package dev.arclight.exchange;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;

/**
 * Where the values of one column lie in a piece of memory that holds Spark's rows: for each its slot (as
 * {@link Platform} counts, or {@link #NULL}) and the begin of the row, array or struct that it is a field of, from
 * which Spark counts the place of what does not fit a slot.
 */
final class Positions {
    static final long NULL = -1;

    long[] slot = new long[64];
    long[] origin = new long[64];
    int count;

    void clear() {
        count = 0;
    }

    void add(long slotAt, long originAt) {
        reserve(1);
        slot[count] = slotAt;
        origin[count++] = originAt;
    }

    void reserve(int more) {
        if (count + more > slot.length) {
            int length = Math.max(count + more, slot.length * 2);
            slot = Arrays.copyOf(slot, length);
            origin = Arrays.copyOf(origin, length);
        }
    }

    /** The positions of field {@code field} of the structs that begin at {@code structs} (or are null). */
    void ofField(Object base, long[] structs, int structCount, int field, int fields) {
        clear();
        reserve(structCount);
        long word = (field >> 6) * 8L;
        long value = ((fields + 63) / 64 + (long) field) * 8;
        for (int i = 0; i < structCount; i++) {
            long begin = structs[i];
            boolean isNull = begin == NULL || (Platform.getLong(base, begin + word) >>> field & 1) != 0;
            slot[i] = isNull ? NULL : begin + value;
            origin[i] = begin;
        }
        count = structCount;
    }

    /** Adds the positions of the elements of the array that begins at {@code array}. */
    void addElements(Object base, long array, int length, int width) {
        reserve(length);
        long values = array + 8 + (length + 63) / 64 * 8L;
        for (int i = 0; i < length; i++) {
            boolean isNull = (Platform.getLong(base, array + 8 + (i >> 6) * 8L) >>> i & 1) != 0;
            slot[count] = isNull ? NULL : values + (long) i * width;
            origin[count++] = array;
        }
    }
}
