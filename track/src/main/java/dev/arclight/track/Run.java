package dev.arclight.track;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run as it was when it was read.
 *
 * @param id 32 hexadecimal digits
 * @param startMillis since the epoch
 * @param endMillis since the epoch; empty while it runs
 * @param artifactUri root of its artifacts
 * @param metrics the latest value of each metric, by key
 * @param datasets what it read
 * @param modelInputs ids of logged models that it read
 * @param modelOutputs logged models that it produced
 */
public record Run(
        String id,
        String experimentId,
        String name,
        RunStatus status,
        String user,
        long startMillis,
        OptionalLong endMillis,
        String artifactUri,
        Lifecycle lifecycle,
        Map<String, String> params,
        Map<String, Metric> metrics,
        Map<String, String> tags,
        List<Dataset> datasets,
        List<String> modelInputs,
        List<ModelOutput> modelOutputs) {
    /** The tag that keeps why a run failed. */
    public static final String FAILURE_TAG = "arclight.failure";

    public Run {
        params = Map.copyOf(params);
        metrics = Map.copyOf(metrics);
        tags = Map.copyOf(tags);
        datasets = List.copyOf(datasets);
        modelInputs = List.copyOf(modelInputs);
        modelOutputs = List.copyOf(modelOutputs);
    }

    /** The latest value of metric {@code key}. */
    public Optional<Double> metric(String key) {
        return Optional.ofNullable(metrics.get(key)).map(Metric::value);
    }

    /** The run that this one is nested in. */
    public Optional<String> parentId() {
        return Optional.ofNullable(tags.get(RunStart.PARENT_TAG));
    }

    /** Why it failed, if it did and said so. */
    public Optional<String> failure() {
        return Optional.ofNullable(tags.get(FAILURE_TAG));
    }
}
