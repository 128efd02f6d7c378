package dev.arclight.ray.dataset;

import dev.arclight.exchange.Block;
import dev.arclight.exchange.plan.BlockSink;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The limit that {@code bench/run exchange} compares with: the same bytes over the same way, as plain copies of an
 * array into the store, and out of it without a look at them.
 */
final class CopyOnly {
    private CopyOnly() {}

    /** Puts {@code bytes} bytes into the store, in blocks of the usual size, and lets them go. */
    static void write(SparkSession spark, Exchange exchange, long bytes, int partitions) {
        String write = exchange.beginPlain("copy-only");
        try {
            List<Long> each = Collections.nCopies(partitions, bytes / partitions);
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(each, partitions)
                    .mapPartitions(sizes -> copy(write, sizes))
                    .collect();
        } finally {
            exchange.abort(write);
        }
    }

    private static Iterator<Integer> copy(String write, Iterator<Long> sizes) throws InterruptedException {
        TaskContext task = TaskContext.get();
        byte[] source = new byte[(int) DatasetOptions.BLOCK_BYTES];
        Arrays.fill(source, (byte) 7);
        try (BlockSink sink = new HandoverSink.Factory(write).open(task.partitionId(), task.taskAttemptId())) {
            while (sizes.hasNext()) {
                for (long left = sizes.next(); left > 0; left -= source.length) {
                    sink.accept(new Block(Arrays.copyOf(source, (int) Math.min(left, source.length)), 1));
                }
            }
            sink.flush();
        }
        return List.of(1).iterator();
    }

    /** Brings all blocks into the executors and forgets them. */
    static void fetch(SparkSession spark, RayDataset dataset) {
        String id = dataset.id();
        List<Integer> blocks =
                IntStream.range(0, dataset.blocks().size()).boxed().toList();
        JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(blocks, blocks.size())
                .map(block -> BlockPartitionReader.fetch(id, block).length)
                .collect();
    }
}
