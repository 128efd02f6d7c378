package dev.arclight.track;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is logged together, all or nothing.
 *
 * @param metrics at most 1,000
 * @param params at most 100; a param never changes its value
 * @param tags at most 100; a tag may be overwritten
 */
public record RunBatch(List<Metric> metrics, Map<String, String> params, Map<String, String> tags) {
    public RunBatch {
        metrics = List.copyOf(metrics);
        params = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(params));
        tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        Limits.checkBatch(metrics.size(), params.size(), tags.size());
        params.forEach(Limits::checkParam);
        tags.forEach(Limits::checkTag);
    }

    public static RunBatch metrics(List<Metric> metrics) {
        return new RunBatch(metrics, Map.of(), Map.of());
    }

    public static RunBatch params(Map<String, String> params) {
        return new RunBatch(List.of(), params, Map.of());
    }

    public static RunBatch tags(Map<String, String> tags) {
        return new RunBatch(List.of(), Map.of(), tags);
    }
}
