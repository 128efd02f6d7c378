package dev.arclight.exchange;

import org.apache.spark.unsafe.Platform;

/** Calendar intervals: months, days and microseconds in Spark; months, days and nanoseconds in Arrow. */
final class IntervalBuilder extends ValuesBuilder {
    static final int WIDTH = 16;
    static final long NANOS = 1000;

    private final String column;

    IntervalBuilder(String column) {
        this.column = column;
    }

    @Override
    void append(Object base, Positions at) {
        byte[] out = values.reserve((long) at.count * WIDTH);
        for (int i = 0; i < at.count; i++) {
            long to = values.end() + (long) i * WIDTH;
            if (at.slot[i] < 0) {
                Platform.setMemory(out, to, WIDTH, (byte) 0);
                continue;
            }
            long from = at.origin[i] + offset(Platform.getLong(base, at.slot[i]));
            long micros = Platform.getLong(base, from + 8);
            long nanos = micros * NANOS;
            if (nanos / NANOS != micros) {
                throw tooBig(
                        column,
                        "an interval of " + micros + " microseconds",
                        "which Arrow's interval in nanoseconds cannot hold (292 years): use INTERVAL DAY TO SECOND");
            }
            Platform.putLong(out, to, Platform.getLong(base, from));
            Platform.putLong(out, to + 8, nanos);
        }
        values.grow(at.count * WIDTH);
        validity.append(at);
    }
}
