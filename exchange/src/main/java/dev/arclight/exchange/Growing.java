package dev.arclight.exchange;

import dev.arclight.base.ArclightException;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;

/** Bytes that grow at their end. Kept from block to block, so that growing is rare. */
final class Growing {
    static final long BASE = Platform.BYTE_ARRAY_OFFSET;
    /** Of Java's arrays. */
    private static final int LONGEST = Integer.MAX_VALUE - 64;

    private byte[] bytes;
    private int size;

    Growing(int capacity) {
        bytes = new byte[capacity];
    }

    /** Makes room for {@code more} bytes; {@link #grow} takes it. The array returned may be another than before. */
    byte[] reserve(long more) {
        long needed = size + more;
        if (needed > bytes.length) {
            if (needed > LONGEST) {
                throw ArclightException.badInput(
                        "One column of one block needs more than 2 GiB: a few rows are that big, use more partitions");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(LONGEST, Math.max(needed, bytes.length * 2L)));
        }
        return bytes;
    }

    /** Where the next byte goes, as {@link Platform} counts. */
    long end() {
        return BASE + size;
    }

    void grow(int by) {
        size += by;
    }

    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    void appendInt(int value) {
        Platform.putInt(reserve(4), end(), value);
        size += 4;
    }

    void clear() {
        size = 0;
    }
}
