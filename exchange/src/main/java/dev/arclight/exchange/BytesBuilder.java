package dev.arclight.exchange;

import org.apache.spark.unsafe.Platform;

/** Strings and binary values. */
final class BytesBuilder extends ColumnBuilder {
    private final Offsets offsets = new Offsets();
    private final Growing values = new Growing(4096);

    @Override
    void append(Object base, Positions at) {
        long total = 0;
        for (int i = 0; i < at.count; i++) {
            if (at.slot[i] >= 0) {
                total += size(Platform.getLong(base, at.slot[i]));
            }
        }
        byte[] out = values.reserve(total);
        for (int i = 0; i < at.count; i++) {
            if (at.slot[i] >= 0) {
                long where = Platform.getLong(base, at.slot[i]);
                Platform.copyMemory(base, at.origin[i] + offset(where), out, values.end(), size(where));
                values.grow(size(where));
            }
            offsets.append(values.size());
        }
        validity.append(at);
    }

    @Override
    long bytes() {
        return values.size() + offsets.bytes();
    }

    @Override
    void describe(Layout layout) {
        validity.describe(layout);
        offsets.describe(layout);
        layout.buffer(values);
    }

    @Override
    void clear() {
        super.clear();
        offsets.clear();
        values.clear();
    }
}
