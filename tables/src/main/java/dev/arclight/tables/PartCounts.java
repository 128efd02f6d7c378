package dev.arclight.tables;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

/**
 * What tasks counted, by part of the input. A part that is read twice (a lost executor, a second action) counts once,
 * because reading is repeatable: its counts take the place of those from before. So the sums are exact, which Spark's
 * adding accumulators are not.
 */
final class PartCounts extends AccumulatorV2<PartCounts.Part, Map<PartCounts.Key, PartCounts.Part>> {
    private static final long serialVersionUID = 1L;

    /**
     * A part of the input.
     *
     * @param file index of the file
     * @param part index in the file
     */
    record Key(int file, int part) implements Serializable, Comparable<Key> {
        private static final long serialVersionUID = 1L;

        @Override
        public int compareTo(Key other) {
            return file != other.file ? Integer.compare(file, other.file) : Integer.compare(part, other.part);
        }
    }

    /**
     * What became of one part.
     *
     * @param counts of its rows
     * @param lines of the part, 0 where it has none
     * @param bytes of the part
     * @param samples rejects, their lines counted from the part's start
     * @param rejectFile name of the file of rejects, null if there are none
     */
    record Part(
            Key key,
            RowCounts counts,
            long lines,
            long bytes,
            List<Reject> samples,
            @Nullable String rejectFile) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private final TreeMap<Key, Part> parts = new TreeMap<>();
    private final transient @Nullable Consumer<LenientOptions.Progress> listener;
    private long rows;
    private long bytes;

    PartCounts(@Nullable Consumer<LenientOptions.Progress> listener) {
        this.listener = listener;
    }

    @Override
    public synchronized boolean isZero() {
        return parts.isEmpty();
    }

    @Override
    public synchronized AccumulatorV2<Part, Map<Key, Part>> copy() {
        PartCounts copy = new PartCounts(null);
        copy.parts.putAll(parts);
        return copy;
    }

    @Override
    public synchronized void reset() {
        parts.clear();
    }

    @Override
    public synchronized void add(Part part) {
        put(part);
    }

    @Override
    public synchronized void merge(AccumulatorV2<Part, Map<Key, Part>> other) {
        other.value().values().forEach(this::put);
        if (listener != null) {
            listener.accept(new LenientOptions.Progress(rows, bytes));
        }
    }

    private void put(Part part) {
        Part before = parts.put(part.key(), part);
        rows += part.counts().rows - (before == null ? 0 : before.counts().rows);
        bytes += part.bytes() - (before == null ? 0 : before.bytes());
    }

    @Override
    public synchronized Map<Key, Part> value() {
        return new TreeMap<>(parts);
    }
}
