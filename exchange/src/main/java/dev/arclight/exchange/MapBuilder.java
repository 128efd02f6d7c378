package dev.arclight.exchange;

import java.util.List;
import org.apache.spark.unsafe.Platform;

/** Maps: an array of keys and one of values in Spark, a list of pairs in Arrow. */
final class MapBuilder extends ColumnBuilder {
    private final ColumnBuilder key;
    private final int keyWidth;
    private final ColumnBuilder value;
    private final int valueWidth;
    private final Offsets offsets = new Offsets();
    private final Positions keys = new Positions();
    private final Positions values = new Positions();
    private int end;

    MapBuilder(ColumnBuilder key, int keyWidth, ColumnBuilder value, int valueWidth) {
        this.key = key;
        this.keyWidth = keyWidth;
        this.value = value;
        this.valueWidth = valueWidth;
    }

    @Override
    void append(Object base, Positions at) {
        keys.clear();
        values.clear();
        for (int i = 0; i < at.count; i++) {
            if (at.slot[i] >= 0) {
                long map = at.origin[i] + offset(Platform.getLong(base, at.slot[i]));
                long keyBytes = Platform.getLong(base, map);
                int length = (int) Platform.getLong(base, map + 8);
                keys.addElements(base, map + 8, length, keyWidth);
                values.addElements(base, map + 8 + keyBytes, length, valueWidth);
                end = Math.addExact(end, length);
            }
            offsets.append(end);
        }
        key.append(base, keys);
        value.append(base, values);
        validity.append(at);
    }

    @Override
    long bytes() {
        return offsets.bytes() + key.bytes() + value.bytes();
    }

    @Override
    void describe(Layout layout) {
        validity.describe(layout);
        offsets.describe(layout);
        layout.node(end, 0);
        layout.empty();
        key.describe(layout);
        value.describe(layout);
    }

    @Override
    void clear() {
        super.clear();
        offsets.clear();
        end = 0;
    }

    @Override
    List<ColumnBuilder> children() {
        return List.of(key, value);
    }
}
