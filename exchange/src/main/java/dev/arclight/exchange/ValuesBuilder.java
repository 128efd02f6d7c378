package dev.arclight.exchange;

/** A column whose values have one width: they lie one after the other, beside their validity. */
abstract class ValuesBuilder extends ColumnBuilder {
    final Growing values = new Growing(4096);

    @Override
    final long bytes() {
        return values.size();
    }

    @Override
    final void describe(Layout layout) {
        validity.describe(layout);
        layout.buffer(values);
    }

    @Override
    final void clear() {
        super.clear();
        values.clear();
    }
}
