package dev.arclight.exchange;

/** Columns of nothing but nulls: a length without buffers. */
final class NullBuilder extends ColumnBuilder {
    private int count;

    @Override
    void append(Object base, Positions at) {
        count += at.count;
    }

    @Override
    long bytes() {
        return 0;
    }

    @Override
    void describe(Layout layout) {
        layout.node(count, count);
    }

    @Override
    void clear() {
        super.clear();
        count = 0;
    }
}
