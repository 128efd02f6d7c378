package dev.arclight.ray.dataset;

import dev.arclight.exchange.Block;
import dev.arclight.exchange.plan.BlockSink;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/**
 * Gives each block to the directory, which calls this executor for it. One block is on its way while the next is made,
 * and no more: so much memory a task takes, however big its partition.
 */
final class HandoverSink implements BlockSink {
    private final String write;
    private final int partition;
    private final long attempt;
    private final String executor;
    private final Directory directory = Directory.fromExecutor();
    private int blocks;
    private @Nullable Ahead<?> onItsWay;
    private String lastKey = "";

    private HandoverSink(String write, int partition, long attempt) {
        this.write = write;
        this.partition = partition;
        this.attempt = attempt;
        this.executor = executorName();
    }

    /**
     * Sinks for a write.
     *
     * @param write id of the write, from the directory
     */
    record Factory(String write) implements BlockSink.Factory {
        private static final long serialVersionUID = 1L;

        @Override
        public BlockSink open(int partition, long attempt) {
            return new HandoverSink(write, partition, attempt);
        }
    }

    /** The Ray actor that this process is, as the session names it. */
    static String executorName() {
        SparkEnv environment = SparkEnv.get();
        return "%s-executor-%s".formatted(environment.conf().getAppId(), environment.executorId());
    }

    /** The same on driver and executor. */
    static String key(int partition, long attempt, int block) {
        return "%d-%d-%d".formatted(partition, attempt, block);
    }

    @Override
    public void accept(Block block) throws InterruptedException {
        flush();
        int number = blocks++;
        String key = write + "-" + key(partition, attempt, number);
        lastKey = key;
        Handover.OF_THIS_PROCESS.offer(key, block.bytes());
        Map<String, Object> request = Map.of(
                "id", write,
                "key", key,
                "executor", executor,
                "partition", partition,
                "seq", number,
                "rows", block.rows(),
                "size", block.bytes().length);
        onItsWay = Ahead.begin("handed over", () -> directory.ask("take", request));
    }

    @Override
    public void flush() throws InterruptedException {
        Ahead<?> waiting = onItsWay;
        onItsWay = null;
        if (waiting != null) {
            waiting.await();
        }
    }

    @Override
    public void close() {
        Handover.OF_THIS_PROCESS.withdraw(lastKey);
    }
}
