package dev.arclight.ray.link;

import java.util.List;

/**
 * Whether nodes can start executors.
 *
 * @param able how many have room for an executor
 * @param asked how many of these were looked at
 * @param troubles one for each node that cannot: {@code "node 10.0.0.1 has no java on its PATH"}
 */
public record Examination(int able, int asked, List<String> troubles) {
    private static final int MOST_TOLD = 3;

    public Examination {
        if (able < asked || asked < troubles.size()) {
            throw new IllegalArgumentException("able=%d, asked=%d, troubles=%s".formatted(able, asked, troubles));
        }
        troubles = List.copyOf(troubles);
    }

    /** Whether no node can; a node that was not looked at may. */
    public boolean everywhere() {
        return able > 0 && troubles.size() == able;
    }

    /** All troubles, or the first three, and how many nodes were not looked at, for people. */
    public String sentence() {
        int more = troubles.size() - MOST_TOLD;
        return String.join("; ", troubles.subList(0, Math.min(MOST_TOLD, troubles.size())))
                + (more > 0 ? "; and %d more nodes".formatted(more) : "")
                + (able > asked ? " (of %d nodes, %d were looked at)".formatted(able, asked) : "");
    }
}
