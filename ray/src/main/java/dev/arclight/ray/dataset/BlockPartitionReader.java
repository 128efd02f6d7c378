package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.exchange.BlockReader;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads consecutive blocks in an executor, and fetches one while Spark computes on the one before: two are in memory.
 * The directory is asked to send each: it passes the reference to a method of this executor, and Ray brings the bytes
 * with it.
 */
final class BlockPartitionReader implements PartitionReader<ColumnarBatch> {
    private final String dataset;
    private final int end;
    private final int[] columns;
    private int following;
    private @Nullable Ahead<byte[]> ahead;
    private @Nullable BlockReader reader;

    /**
     * @param from number of the first block
     * @param end number after the last one
     */
    BlockPartitionReader(String dataset, int from, int end, int[] columns) {
        this.dataset = dataset;
        this.following = from;
        this.end = end;
        this.columns = columns.clone();
    }

    @Override
    public boolean next() throws InterruptedIOException {
        while (reader == null || !reader.hasNext()) {
            reader = null;
            if (ahead == null && !fetchAhead()) {
                return false;
            }
            reader = new BlockReader(arrived(), columns);
            fetchAhead();
        }
        return true;
    }

    @Override
    public ColumnarBatch get() {
        BlockReader open = reader;
        if (open == null) {
            throw new ArclightException(ErrorCode.INTERNAL, "A batch was asked for before next()");
        }
        return open.next();
    }

    @Override
    public void close() {
        reader = null;
        ahead = null; // what still arrives goes with its thread
    }

    private boolean fetchAhead() {
        if (following == end) {
            return false;
        }
        int block = following++;
        ahead = Ahead.begin("delivered", () -> fetch(dataset, block));
        return true;
    }

    private byte[] arrived() throws InterruptedIOException {
        Ahead<byte[]> awaited = ahead;
        ahead = null;
        if (awaited == null) {
            throw new ArclightException(ErrorCode.INTERNAL, "A block is waited for that was not asked for");
        }
        try {
            return awaited.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for a block of dataset " + dataset);
        }
    }

    /** Brings one block into this executor; on failure one sentence of the directory's. */
    static byte[] fetch(String dataset, int block) {
        String token = UUID.randomUUID().toString();
        Handover.OF_THIS_PROCESS.expect(token);
        try {
            Directory.fromExecutor()
                    .ask(
                            "deliver",
                            Map.of(
                                    "id", dataset,
                                    "block", block,
                                    "executor", HandoverSink.executorName(),
                                    "token", token));
            return Handover.OF_THIS_PROCESS.delivered(token);
        } finally {
            Handover.OF_THIS_PROCESS.expectNoMore(token);
        }
    }
}
