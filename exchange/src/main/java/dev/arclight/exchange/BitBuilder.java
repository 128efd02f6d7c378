package dev.arclight.exchange;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
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
    void append(ColumnVector vector, int count, DataType type) {
        boolean nulls = vector.hasNull();
        for (int i = 0; i < count; i++) {
            boolean present = !nulls || !vector.isNullAt(i);
            validity.append(present);
            values.append(present && vector.getBoolean(i));
        }
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
