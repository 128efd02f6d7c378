package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.exchange.BlockReader;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads one block in an executor. The directory is asked to send it: it passes the reference to a method of this
 * executor, and Ray brings the bytes with it.
 */
final class BlockPartitionReader implements PartitionReader<ColumnarBatch> {
    private final String dataset;
    private final int block;
    private final int[] columns;
    private @Nullable BlockReader reader;

    BlockPartitionReader(String dataset, int block, int[] columns) {
        this.dataset = dataset;
        this.block = block;
        this.columns = columns.clone();
    }

    @Override
    public boolean next() {
        BlockReader open = reader;
        if (open == null) {
            open = new BlockReader(fetch(), columns);
            reader = open;
        }
        return open.hasNext();
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
    }

    byte[] fetch() {
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
