package dev.arclight.tables.profile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.datasketches.hash.MurmurHash3;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** What one pass keeps of a table. Two that saw different rows can be merged. Not safe for use by many threads. */
final class TableSketch {
    static final int MAX_GROUPS = 20;
    private static final int MAX_HASHES = 200_000;
    /** Of all partitions together: some 150 MB on the driver. */
    private static final int MAX_MERGED_HASHES = 2_000_000;

    /**
     * What to look at.
     *
     * @param numeric by column, whether it is looked at as a number
     * @param group index of the grouping column, or -1
     * @param head rows to keep
     */
    record Plan(List<Boolean> numeric, int group, int head, boolean correlations, boolean duplicates)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        Plan {
            numeric = List.copyOf(numeric);
        }
    }

    /** Half of a row's hash each. */
    private record Hash(long high, long low) {}

    /** One value of the grouping column. */
    static final class Group {
        long rows;
        final @Nullable KllDoublesSketch[] columns;

        Group(int width) {
            columns = new KllDoublesSketch[width];
        }

        KllDoublesSketch column(int c) {
            KllDoublesSketch sketch = columns[c];
            if (sketch == null) {
                sketch = KllDoublesSketch.newHeapInstance(ColumnSketch.KLL_K);
                columns[c] = sketch;
            }
            return sketch;
        }
    }

    private final Plan plan;
    private final int[] numbers;
    private final double[] vector;
    final ColumnSketch[] columns;
    final CorrelationSketch correlations;
    final Map<String, Group> groups = new TreeMap<>();
    final List<List<@Nullable String>> head = new ArrayList<>();
    private final Set<Hash> hashes = new HashSet<>();
    private ByteBuffer bytes = ByteBuffer.allocate(1 << 10);
    long rows;
    boolean tooManyGroups;
    /** Whether there were more rows than hashes are kept of, so that duplicates must be counted in another way. */
    boolean tooManyHashes;

    TableSketch(Plan plan) {
        this.plan = plan;
        int width = plan.numeric().size();
        this.columns = new ColumnSketch[width];
        int[] found = new int[width];
        int count = 0;
        for (int c = 0; c < width; c++) {
            columns[c] = new ColumnSketch(plan.numeric().get(c));
            if (columns[c].numeric) {
                found[count++] = c;
            }
        }
        this.numbers = Arrays.copyOf(found, count);
        this.vector = new double[count];
        this.correlations = new CorrelationSketch(count);
        this.tooManyHashes = !plan.duplicates();
    }

    long differentRows() {
        return hashes.size();
    }

    /** Indices of the numeric columns. */
    int[] numbers() {
        return numbers;
    }

    void add(Row row) {
        rows++;
        Group group = plan.group() < 0 ? null : group(String.valueOf(row.get(plan.group())));
        bytes.clear();
        int n = 0;
        for (int c = 0; c < columns.length; c++) {
            Object cell = row.get(c);
            if (columns[c].numeric) {
                double value = cell == null ? Double.NaN : ((Number) cell).doubleValue();
                vector[n++] = value;
                if (cell != null) {
                    columns[c].add(value, cell);
                }
                if (group != null && Double.isFinite(value)) {
                    group.column(c).update(value);
                }
            } else if (cell != null) {
                columns[c].add(text(cell));
            }
            if (cell == null) {
                columns[c].addNull();
            }
            if (!tooManyHashes) {
                hash(cell);
            }
        }
        if (plan.correlations()) {
            correlations.add(vector);
        }
        if (!tooManyHashes) {
            long[] hash = MurmurHash3.hash(Arrays.copyOf(bytes.array(), bytes.position()), 0L);
            addHash(new Hash(hash[0], hash[1]));
        }
        if (head.size() < plan.head()) {
            List<@Nullable String> cells = new ArrayList<>();
            for (int c = 0; c < columns.length; c++) {
                Object cell = row.get(c);
                cells.add(cell == null ? null : text(cell));
            }
            head.add(cells);
        }
    }

    private static String text(Object cell) {
        return cell instanceof java.time.LocalDateTime || cell instanceof java.sql.Timestamp
                ? cell.toString().replace('T', ' ')
                : cell.toString();
    }

    private void addHash(Hash hash) {
        hashes.add(hash);
        if (hashes.size() > MAX_HASHES) {
            tooManyHashes = true;
            hashes.clear();
        }
    }

    /** Each cell with its length or kind in front, so that different rows never give the same bytes. */
    private void hash(@Nullable Object cell) {
        if (cell == null) {
            room(1).put((byte) 0);
        } else if (cell instanceof Double || cell instanceof Float) {
            double value = ((Number) cell).doubleValue();
            room(9).put((byte) 1).putLong(Double.doubleToLongBits(value == 0 ? 0.0 : value));
        } else if (cell instanceof Long || cell instanceof Integer) {
            room(9).put((byte) 2).putLong(((Number) cell).longValue());
        } else {
            byte[] utf8 = (cell instanceof byte[] array ? Arrays.toString(array) : cell.toString())
                    .getBytes(StandardCharsets.UTF_8);
            room(5 + utf8.length).put((byte) 3).putInt(utf8.length).put(utf8);
        }
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + more));
            larger.put(bytes.flip());
            bytes = larger;
        }
        return bytes;
    }

    private @Nullable Group group(String value) {
        Group group = groups.get(value);
        if (group == null) {
            if (groups.size() == MAX_GROUPS) {
                tooManyGroups = true;
                return null;
            }
            group = new Group(columns.length);
            groups.put(value, group);
        }
        group.rows++;
        return group;
    }

    /** Adds what {@code later} saw, whose rows come after this one's. */
    void merge(TableSketch later) {
        rows += later.rows;
        for (int c = 0; c < columns.length; c++) {
            columns[c].merge(later.columns[c]);
        }
        correlations.merge(later.correlations);
        tooManyGroups |= later.tooManyGroups;
        later.groups.forEach((value, other) -> {
            Group group = group(value);
            if (group != null) {
                group.rows += other.rows - 1; // group() counted one
                for (int c = 0; c < columns.length; c++) {
                    KllDoublesSketch sketch = other.columns[c];
                    if (sketch != null) {
                        group.column(c).merge(sketch);
                    }
                }
            }
        });
        for (int r = 0; head.size() < plan.head() && r < later.head.size(); r++) {
            head.add(later.head.get(r));
        }
        tooManyHashes |= later.tooManyHashes;
        if (!tooManyHashes) {
            hashes.addAll(later.hashes);
            tooManyHashes = hashes.size() > MAX_MERGED_HASHES;
        }
        if (tooManyHashes) {
            hashes.clear();
        }
    }

    /** For the way from a task to the driver, whatever serializer Spark is set to. */
    byte[] toBytes() {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(buffer)) {
            out.writeLong(rows);
            out.writeBoolean(tooManyGroups);
            out.writeBoolean(tooManyHashes);
            for (ColumnSketch column : columns) {
                column.writeTo(out);
            }
            correlations.writeTo(out);
            out.writeInt(groups.size());
            for (Map.Entry<String, Group> entry : groups.entrySet()) {
                ColumnSketch.writeText(out, entry.getKey());
                out.writeLong(entry.getValue().rows);
                for (KllDoublesSketch sketch : entry.getValue().columns) {
                    ColumnSketch.writeBytes(out, sketch == null ? new byte[0] : sketch.toByteArray());
                }
            }
            out.writeInt(head.size());
            for (List<@Nullable String> cells : head) {
                for (String cell : cells) {
                    ColumnSketch.writeText(out, cell);
                }
            }
            out.writeInt(hashes.size());
            for (Hash hash : hashes) {
                out.writeLong(hash.high());
                out.writeLong(hash.low());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return buffer.toByteArray();
    }

    static TableSketch fromBytes(Plan plan, byte[] serialized) {
        TableSketch sketch = new TableSketch(plan);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized))) {
            sketch.rows = in.readLong();
            sketch.tooManyGroups = in.readBoolean();
            sketch.tooManyHashes = in.readBoolean();
            for (int c = 0; c < sketch.columns.length; c++) {
                sketch.columns[c] = ColumnSketch.readFrom(in);
            }
            sketch.correlations.merge(CorrelationSketch.readFrom(in));
            int groups = in.readInt();
            for (int g = 0; g < groups; g++) {
                String value = String.valueOf(ColumnSketch.readText(in));
                Group group = new Group(sketch.columns.length);
                group.rows = in.readLong();
                for (int c = 0; c < sketch.columns.length; c++) {
                    byte[] column = ColumnSketch.readBytes(in);
                    if (column.length > 0) {
                        group.columns[c] = KllDoublesSketch.heapify(Memory.wrap(column));
                    }
                }
                sketch.groups.put(value, group);
            }
            int heads = in.readInt();
            for (int r = 0; r < heads; r++) {
                List<@Nullable String> cells = new ArrayList<>();
                for (int c = 0; c < sketch.columns.length; c++) {
                    cells.add(ColumnSketch.readText(in));
                }
                sketch.head.add(cells);
            }
            int hashes = in.readInt();
            for (int h = 0; h < hashes; h++) {
                sketch.hashes.add(new Hash(in.readLong(), in.readLong()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory failed", e);
        }
        return sketch;
    }
}
