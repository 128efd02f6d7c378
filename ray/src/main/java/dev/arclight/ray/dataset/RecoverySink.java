package dev.arclight.ray.dataset;

import dev.arclight.exchange.Block;
import dev.arclight.exchange.plan.BlockSink;
import java.util.Map;

/** Keeps one block of a partition that is computed again, and tells the directory where it is. */
final class RecoverySink implements BlockSink {
    private final String dataset;
    private final int partition;
    private final int wanted;
    private final String key;
    private int blocks;

    private RecoverySink(String dataset, int partition, int wanted, long attempt) {
        this.dataset = dataset;
        this.partition = partition;
        this.wanted = wanted;
        this.key = dataset + "-again-" + HandoverSink.key(partition, attempt, wanted);
    }

    /**
     * Sinks for one block.
     *
     * @param wanted which of the partition's blocks
     */
    record Factory(String dataset, int wanted) implements BlockSink.Factory {
        private static final long serialVersionUID = 1L;

        @Override
        public BlockSink open(int partition, long attempt) {
            return new RecoverySink(dataset, partition, wanted, attempt);
        }
    }

    @Override
    public void accept(Block block) {
        if (blocks++ == wanted) {
            Handover.OF_THIS_PROCESS.offer(key, block.bytes());
        }
    }

    @Override
    public void flush() {
        Directory.fromExecutor()
                .ask(
                        "recomputed",
                        answer(
                                blocks > wanted
                                        ? ""
                                        : "Computed again, the partition has " + blocks
                                                + " blocks: the DataFrame does not give the same rows each time"));
    }

    private Map<String, Object> answer(String error) {
        return Map.of(
                "dataset", dataset,
                "partition", partition,
                "seq", wanted,
                "executor", HandoverSink.executorName(),
                "key", key,
                "error", error);
    }

    @Override
    public void close() {
        // The block stays until it is taken.
    }
}
