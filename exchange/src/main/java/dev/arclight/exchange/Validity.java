package dev.arclight.exchange;

import org.apache.spark.unsafe.Platform;

/** Which values of a column are there: one bit each, the lowest first. */
final class Validity {
    private final Growing bits = new Growing(1024);
    private int count;
    private int nulls;

    void append(Positions at) {
        byte[] out = room(at.count);
        long[] slot = at.slot;
        for (int i = 0; i < at.count; i++) {
            if (slot[i] == Positions.NULL) {
                nulls++;
            } else {
                out[(count + i) >> 3] |= (byte) (1 << ((count + i) & 7));
            }
        }
        count += at.count;
    }

    void append(boolean present) {
        byte[] out = room(1);
        if (present) {
            out[count >> 3] |= (byte) (1 << (count & 7));
        } else {
            nulls++;
        }
        count++;
    }

    /** Room for more bits, which are zero. */
    private byte[] room(int more) {
        int bytes = (count + more + 7) >> 3;
        byte[] out = bits.reserve(bytes - bits.size());
        if (bytes > bits.size()) {
            Platform.setMemory(out, bits.end(), bytes - bits.size(), (byte) 0);
            bits.grow(bytes - bits.size());
        }
        return out;
    }

    Growing bits() {
        return bits;
    }

    int count() {
        return count;
    }

    int nulls() {
        return nulls;
    }

    /** Arrow leaves the buffer out where nothing is null. */
    void describe(Layout layout) {
        layout.node(count, nulls);
        if (nulls == 0) {
            layout.empty();
        } else {
            layout.buffer(bits);
        }
    }

    void clear() {
        bits.clear();
        count = 0;
        nulls = 0;
    }
}
