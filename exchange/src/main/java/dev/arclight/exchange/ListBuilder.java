package dev.arclight.exchange;

import java.util.List;
import org.apache.spark.unsafe.Platform;

/** Arrays. */
final class ListBuilder extends ColumnBuilder {
    private final ColumnBuilder element;
    private final int width;
    private final Offsets offsets = new Offsets();
    private final Positions elements = new Positions();
    private int end;

    /** @param width bytes that Spark's arrays use for an element */
    ListBuilder(ColumnBuilder element, int width) {
        this.element = element;
        this.width = width;
    }

    @Override
    void append(Object base, Positions at) {
        elements.clear();
        for (int i = 0; i < at.count; i++) {
            if (at.slot[i] >= 0) {
                long array = at.origin[i] + offset(Platform.getLong(base, at.slot[i]));
                int length = (int) Platform.getLong(base, array);
                elements.addElements(base, array, length, width);
                end = Math.addExact(end, length);
            }
            offsets.append(end);
        }
        element.append(base, elements);
        validity.append(at);
    }

    @Override
    long bytes() {
        return offsets.bytes() + element.bytes();
    }

    @Override
    void describe(Layout layout) {
        validity.describe(layout);
        offsets.describe(layout);
        element.describe(layout);
    }

    @Override
    void clear() {
        super.clear();
        offsets.clear();
        end = 0;
    }

    @Override
    List<ColumnBuilder> children() {
        return List.of(element);
    }
}
