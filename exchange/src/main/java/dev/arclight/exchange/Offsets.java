package dev.arclight.exchange;

/** Where each value of a column of values of different lengths ends. */
final class Offsets {
    private final Growing ends = new Growing(4096);

    Offsets() {
        ends.appendInt(0);
    }

    void append(int end) {
        ends.appendInt(end);
    }

    long bytes() {
        return ends.size();
    }

    void describe(Layout layout) {
        layout.buffer(ends);
    }

    void clear() {
        ends.clear();
        ends.appendInt(0);
    }
}
