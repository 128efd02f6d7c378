package dev.arclight.tables.profile;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.datasketches.common.ArrayOfItemsSerDe;
import org.apache.datasketches.common.ArrayOfLongsSerDe;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.theta.SetOperation;
import org.apache.datasketches.theta.Sketch;
import org.apache.datasketches.theta.Sketches;
import org.apache.datasketches.theta.Union;
import org.apache.datasketches.theta.UpdateSketch;
import org.jspecify.annotations.Nullable;

/** What one pass keeps of one column. Two that saw different rows can be merged. Not safe for use by many threads. */
final class ColumnSketch {
    static final int KLL_K = 8_192;
    private static final int DISTINCT_ENTRIES = 16_384;
    private static final int FREQUENT_MAP = 1_024;

    final boolean numeric;
    long nulls;
    long notFinite;
    long count;
    double mean;
    double squares;

    @Nullable String smallest;

    @Nullable String largest;

    KllDoublesSketch values = KllDoublesSketch.newHeapInstance(KLL_K);
    /** Of {@code Double.doubleToLongBits} for a numeric column. */
    ItemsSketch<Long> frequentNumbers = new ItemsSketch<>(FREQUENT_MAP);

    ItemsSketch<String> frequentTexts = new ItemsSketch<>(FREQUENT_MAP);
    private final UpdateSketch seen =
            UpdateSketch.builder().setNominalEntries(DISTINCT_ENTRIES).build();
    private final Union distinct =
            SetOperation.builder().setNominalEntries(DISTINCT_ENTRIES).buildUnion();

    ColumnSketch(boolean numeric) {
        this.numeric = numeric;
    }

    void addNull() {
        nulls++;
    }

    /** @param cell the number as it stands: above 2^53 several longs are one double, and still different values */
    void add(double number, Object cell) {
        double value = number == 0 ? 0.0 : number; // -0.0 is the same value
        if (cell instanceof Long whole) {
            seen.update((long) whole);
        } else {
            seen.update(value);
        }
        frequentNumbers.update(Double.doubleToLongBits(value));
        if (!Double.isFinite(value)) {
            notFinite++;
            return;
        }
        count++;
        double delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
        values.update(value);
    }

    void add(String text) {
        count++;
        seen.update(text.isEmpty() ? "\0" : text); // the sketch passes over empty strings
        frequentTexts.update(text);
        if (smallest == null || text.compareTo(smallest) < 0) {
            smallest = text;
        }
        if (largest == null || text.compareTo(largest) > 0) {
            largest = text;
        }
    }

    void merge(ColumnSketch other) {
        nulls += other.nulls;
        notFinite += other.notFinite;
        if (other.count > 0) {
            double delta = other.mean - mean;
            long both = count + other.count;
            squares += other.squares + delta * delta * ((double) count * other.count / both);
            mean += delta * other.count / both;
            count = both;
        }
        if (other.smallest != null && (smallest == null || other.smallest.compareTo(smallest) < 0)) {
            smallest = other.smallest;
        }
        if (other.largest != null && (largest == null || other.largest.compareTo(largest) > 0)) {
            largest = other.largest;
        }
        values.merge(other.values);
        frequentNumbers.merge(other.frequentNumbers);
        frequentTexts.merge(other.frequentTexts);
        distinct.union(other.distinctSoFar());
    }

    /** Estimate of the number of different values; exact as long as it is no larger than {@link #DISTINCT_ENTRIES}. */
    long distinctValues() {
        return Math.round(distinctSoFar().getEstimate());
    }

    private Sketch distinctSoFar() {
        Union all = SetOperation.builder().setNominalEntries(DISTINCT_ENTRIES).buildUnion();
        all.union(distinct.getResult());
        all.union(seen);
        return all.getResult();
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeBoolean(numeric);
        out.writeLong(nulls);
        out.writeLong(notFinite);
        out.writeLong(count);
        out.writeDouble(mean);
        out.writeDouble(squares);
        writeText(out, smallest);
        writeText(out, largest);
        writeBytes(out, values.toByteArray());
        writeBytes(out, frequentNumbers.toByteArray(new ArrayOfLongsSerDe()));
        writeBytes(out, frequentTexts.toByteArray(new ArrayOfStringsSerDe()));
        writeBytes(out, distinctSoFar().toByteArray());
    }

    static ColumnSketch readFrom(DataInputStream in) throws IOException {
        ColumnSketch sketch = new ColumnSketch(in.readBoolean());
        sketch.nulls = in.readLong();
        sketch.notFinite = in.readLong();
        sketch.count = in.readLong();
        sketch.mean = in.readDouble();
        sketch.squares = in.readDouble();
        sketch.smallest = readText(in);
        sketch.largest = readText(in);
        sketch.values = KllDoublesSketch.heapify(Memory.wrap(readBytes(in)));
        sketch.frequentNumbers = frequent(readBytes(in), new ArrayOfLongsSerDe());
        sketch.frequentTexts = frequent(readBytes(in), new ArrayOfStringsSerDe());
        sketch.distinct.union(Sketches.wrapSketch(Memory.wrap(readBytes(in))));
        return sketch;
    }

    private static <T> ItemsSketch<T> frequent(byte[] bytes, ArrayOfItemsSerDe<T> format) {
        return ItemsSketch.getInstance(Memory.wrap(bytes), format);
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            writeBytes(out, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? new String(readBytes(in), java.nio.charset.StandardCharsets.UTF_8) : null;
    }
}
