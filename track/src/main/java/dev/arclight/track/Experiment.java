package dev.arclight.track;

import java.util.Map;

/**
 * A named group of runs.
 *
 * @param id a number as text; {@code 0} is the experiment {@code Default}
 * @param name unique, deleted experiments included
 * @param artifactLocation URI below which its runs' artifacts lie
 * @param createdMillis since the epoch
 * @param updatedMillis since the epoch
 */
public record Experiment(
        String id,
        String name,
        String artifactLocation,
        Lifecycle lifecycle,
        long createdMillis,
        long updatedMillis,
        Map<String, String> tags) {
    public Experiment {
        tags = Map.copyOf(tags);
    }
}
