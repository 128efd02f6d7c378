package dev.arclight.raytrain;

import java.util.Map;

/**
 * What the workers told with one {@code ray.train.report}, mostly once an epoch.
 *
 * @param step the metric {@code epoch} if they tell it, else a count from 0
 * @param metrics the numbers among what the first worker told
 * @param checkpoint whether training can go on from here if a worker is lost
 */
public record Report(int step, Map<String, Double> metrics, boolean checkpoint) {
    public Report {
        metrics = Map.copyOf(metrics);
    }
}
