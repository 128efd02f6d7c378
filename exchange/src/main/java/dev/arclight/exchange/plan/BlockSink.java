package dev.arclight.exchange.plan;

import dev.arclight.exchange.Block;
import java.io.Serializable;

/** Where the blocks of one attempt at one partition go. Used by one thread, in the task. */
public interface BlockSink extends AutoCloseable {
    /**
     * Takes the next block; may wait until those before are out of the way.
     *
     * @throws InterruptedException if the task is cancelled
     */
    void accept(Block block) throws InterruptedException;

    /** Waits until everything is where it belongs. Called only where nothing failed. */
    void flush() throws InterruptedException;

    /** Lets go of what was not taken. */
    @Override
    void close();

    /** Makes the sinks, on executors. */
    @FunctionalInterface
    interface Factory extends Serializable {
        /**
         * Makes the sink of one attempt at one partition.
         *
         * @param partition from 0
         * @param attempt unique among the attempts at all partitions of one job
         */
        BlockSink open(int partition, long attempt);
    }
}
