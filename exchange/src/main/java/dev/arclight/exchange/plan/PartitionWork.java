package dev.arclight.exchange.plan;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.exchange.Block;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.types.StructType;

/** What a task does with its partition. */
abstract class PartitionWork<T> implements Function2<Integer, Iterator<T>, Iterator<PartitionSummary>> {
    private static final long serialVersionUID = 1L;

    private final StructType schema;
    private final long blockBytes;
    private final BlockSink.Factory sinks;

    PartitionWork(StructType schema, long blockBytes, BlockSink.Factory sinks) {
        this.schema = schema;
        this.blockBytes = blockBytes;
        this.sinks = sinks;
    }

    /** Makes blocks of all of {@code input}. */
    abstract void write(Iterator<T> input, StructType schema, long blockBytes, Consumer<Block> out);

    @Override
    public final Iterator<PartitionSummary> call(Integer partition, Iterator<T> input) {
        long attempt = TaskContext.get().taskAttemptId();
        List<Long> rows = new ArrayList<>();
        try (BlockSink sink = sinks.open(partition, attempt)) {
            write(input, schema, blockBytes, block -> {
                accept(sink, block);
                rows.add(block.rows());
            });
            sink.flush();
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
        return List.of(new PartitionSummary(partition, attempt, rows)).iterator();
    }

    private static void accept(BlockSink sink, Block block) {
        try {
            sink.accept(block);
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
    }

    private static ArclightException cancelled(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ArclightException(
                ErrorCode.CANCELLED, "The task was cancelled while its blocks were on their way", e);
    }
}
