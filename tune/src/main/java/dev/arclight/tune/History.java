package dev.arclight.tune;

import java.util.List;
import java.util.Map;

/**
 * What a sampler may know when it suggests trial k: the trials up to k minus the lag as they ended, and of those after
 * them only what they try.
 *
 * @param finished by number; failed trials left out
 * @param pending parameters of the trials between, by number
 */
record History(List<Observation> finished, List<Map<String, Object>> pending) {
    /**
     * A trial with a value.
     *
     * @param parameters what was tried
     * @param loss lower is better
     * @param prunedAt step at which it was pruned, or -1 if it completed
     */
    record Observation(Map<String, Object> parameters, double loss, int prunedAt) {}
}
