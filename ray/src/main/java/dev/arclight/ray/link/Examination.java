package dev.arclight.ray.link;

import java.util.List;

/**
 * Whether nodes can start executors.
 *
 * @param nodes how many were looked at
 * @param troubles one for each node that cannot: {@code "node 10.0.0.1 has no java on its PATH"}
 */
public record Examination(int nodes, List<String> troubles) {
    private static final int MOST_TOLD = 3;

    public Examination {
        if (nodes < troubles.size()) {
            throw new IllegalArgumentException("nodes=%d, troubles=%s".formatted(nodes, troubles));
        }
        troubles = List.copyOf(troubles);
    }

    /** Whether no node can. */
    public boolean everywhere() {
        return nodes > 0 && troubles.size() == nodes;
    }

    /** All troubles, or the first three, for people. */
    public String sentence() {
        int more = troubles.size() - MOST_TOLD;
        return String.join("; ", troubles.subList(0, Math.min(MOST_TOLD, troubles.size())))
                + (more > 0 ? "; and %d more nodes".formatted(more) : "");
    }
}
