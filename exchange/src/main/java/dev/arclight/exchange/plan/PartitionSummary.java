package dev.arclight.exchange.plan;

import java.io.Serializable;
import java.util.List;

/**
 * What the attempt that counts made of a partition.
 *
 * @param partition from 0
 * @param attempt as the sink was told
 * @param rows of each block, in order
 */
public record PartitionSummary(int partition, long attempt, List<Long> rows) implements Serializable {
    public PartitionSummary {
        rows = List.copyOf(rows);
    }
}
