package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Deals a partition's rows to the workers one by one, so that in the order of the table worker {@code w} of {@code n}
 * has the rows {@code w, w + n, w + 2n}: a step of all workers is then on the same rows as one of a single worker with
 * their batches together. No cell becomes an object on the way.
 */
final class RowChunks implements Function2<Integer, Iterator<InternalRow>, Iterator<Tuple2<Integer, RowChunk>>> {
    private static final long serialVersionUID = 1L;
    private static final int CHUNK_BYTES = 1 << 20;

    private final int features;
    private final int workers;
    private final long[] trainingBefore;
    private final long[] heldBefore;

    /**
     * Deals rows of {@code features} floats, a float label and a boolean (held).
     *
     * @param trainingBefore how many rows to train on there are before each partition; one more than partitions
     * @param heldBefore the same for rows to validate on
     */
    RowChunks(int features, int workers, long[] trainingBefore, long[] heldBefore) {
        this.features = features;
        this.workers = workers;
        this.trainingBefore = trainingBefore;
        this.heldBefore = heldBefore;
    }

    @Override
    public Iterator<Tuple2<Integer, RowChunk>> call(Integer partition, Iterator<InternalRow> rows) {
        return new Dealt(partition, rows);
    }

    private final class Dealt implements Iterator<Tuple2<Integer, RowChunk>> {
        private final int partition;
        private final Iterator<InternalRow> rows;
        private final Deque<Tuple2<Integer, RowChunk>> full = new ArrayDeque<>();
        private final ByteBuffer[] open = new ByteBuffer[2 * workers];
        private final long[] openAt = new long[2 * workers];
        private final long[] next;
        private boolean over;

        Dealt(int partition, Iterator<InternalRow> rows) {
            this.partition = partition;
            this.rows = rows;
            this.next = new long[] {before(trainingBefore, partition), before(heldBefore, partition)};
            int rowBytes = 4 * (features + 1);
            for (int i = 0; i < open.length; i++) {
                open[i] = ByteBuffer.allocate(Math.max(1, CHUNK_BYTES / rowBytes) * rowBytes)
                        .order(ByteOrder.nativeOrder());
            }
        }

        @Override
        public boolean hasNext() {
            while (full.isEmpty() && !over) {
                if (rows.hasNext()) {
                    add(rows.next());
                } else {
                    over = true;
                    for (int i = 0; i < open.length; i++) {
                        pass(i);
                    }
                    check(next[0], trainingBefore);
                    check(next[1], heldBefore);
                }
            }
            return !full.isEmpty();
        }

        @Override
        public Tuple2<Integer, RowChunk> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return full.remove();
        }

        private void add(InternalRow row) {
            int held = row.getBoolean(features + 1) ? 1 : 0;
            long index = next[held]++;
            int worker = (int) (index % workers);
            int slot = 2 * worker + held;
            ByteBuffer chunk = open[slot];
            if (chunk.position() == 0) {
                openAt[slot] = index / workers;
            }
            for (int i = 0; i <= features; i++) {
                chunk.putFloat(row.getFloat(i));
            }
            if (!chunk.hasRemaining()) {
                pass(slot);
            }
        }

        private void pass(int slot) {
            ByteBuffer chunk = open[slot];
            if (chunk.position() > 0) {
                byte[] bytes = new byte[chunk.position()];
                chunk.flip();
                chunk.get(bytes);
                full.add(new Tuple2<>(slot / 2, new RowChunk(slot % 2 == 1, openAt[slot], bytes)));
                chunk.clear();
            }
        }

        private void check(long seen, long[] before) {
            if (seen != before(before, partition + 1)) {
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "The table gave other rows when it was read a second time: partition %d had %d rows and now has %d. Cache it, or train on what is written to disk"
                                .formatted(
                                        partition,
                                        before(before, partition + 1) - before(before, partition),
                                        seen - before(before, partition)));
            }
        }

        private static long before(long[] before, int partition) {
            return before[Math.min(partition, before.length - 1)];
        }
    }
}
