package dev.arclight.exchange;

import org.apache.spark.unsafe.Platform;

/** Booleans: a byte each in Spark, a bit each in Arrow. */
final class BitBuilder extends ColumnBuilder {
    private final Validity values = new Validity();

    @Override
    void append(Object base, Positions at) {
        for (int i = 0; i < at.count; i++) {
            values.append(at.slot[i] >= 0 && Platform.getBoolean(base, at.slot[i]));
        }
        validity.append(at);
    }

    @Override
    long bytes() {
        return values.count() / 8;
    }

    @Override
    void describe(Layout layout) {
        validity.describe(layout);
        layout.buffer(values.bits());
    }

    @Override
    void clear() {
        super.clear();
        values.clear();
    }
}
