package dev.arclight.track.pages;

import dev.arclight.track.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics and params as columns, by name.
 *
 * @param metrics their keys
 * @param params their keys
 */
record RunColumns(List<String> metrics, List<String> params) {
    private static final int MOST_METRICS = 8;
    private static final int MOST_PARAMS = 8;
    private static final String METRIC = "metrics.";
    private static final String PARAM = "params.";

    RunColumns {
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
    }

    /** All that these runs have; what most of them have comes first. */
    static RunColumns all(Collection<Run> runs) {
        Map<String, Integer> metrics = new HashMap<>();
        Map<String, Integer> params = new HashMap<>();
        for (Run run : runs) {
            run.metrics().keySet().forEach(key -> metrics.merge(key, 1, Integer::sum));
            run.params().keySet().forEach(key -> params.merge(key, 1, Integer::sum));
        }
        return new RunColumns(ordered(metrics), ordered(params));
    }

    private static List<String> ordered(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Those that are named, or the first few if none is. */
    RunColumns chosen(List<String> names) {
        if (names.isEmpty()) {
            return new RunColumns(
                    metrics.subList(0, Math.min(MOST_METRICS, metrics.size())),
                    params.subList(0, Math.min(MOST_PARAMS, params.size())));
        }
        return new RunColumns(
                metrics.stream().filter(key -> names.contains(METRIC + key)).toList(),
                params.stream().filter(key -> names.contains(PARAM + key)).toList());
    }

    boolean isEmpty() {
        return metrics.isEmpty() && params.isEmpty();
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        metrics.forEach(key -> names.add(METRIC + key));
        params.forEach(key -> names.add(PARAM + key));
        return names;
    }
}
