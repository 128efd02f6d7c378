package dev.arclight.examples.wine;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code summary.json}: the demo's figures for scripts. Keys are never renamed. */
final class WineSummary {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private WineSummary() {}

    static void write(WineFindings found, Path file) throws IOException {
        AtomicFiles.write(file, JSON.writeValueAsString(of(found)) + "\n");
    }

    static Map<String, Object> of(WineFindings found) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", ordered("rows", found.profile().rows(), "generated", found.generated()));
        summary.put("forest", ordered("test_auc", found.forest().testAuc()));
        summary.put(
                "sweep",
                ordered(
                        "evals", found.options().evals(),
                        "parallelism", found.options().parallelism(),
                        "wall_seconds", found.sweep().study().wallSeconds(),
                        "best_validation_auc", found.sweep().study().bestValue(),
                        "test_auc", found.sweep().best().testAuc(),
                        "reproducible", found.reproducible()));
        summary.put("champion", ordered("version", found.champion().version(), "test_auc", found.championAuc()));
        summary.put("batch", ordered("rows", found.batchRows(), "wall_seconds", found.batchSeconds()));
        summary.put(
                "serving",
                ordered(
                        "requests", found.serving().latencies().count(),
                        "p50_millis", found.serving().latencies().p50Millis(),
                        "p99_millis", found.serving().latencies().p99Millis(),
                        "max_abs_difference", found.serving().maxAbsDifference()));
        summary.put("seed", found.options().seed());
        summary.put("master", found.options().master().text());
        summary.put("seconds", found.seconds());
        return summary;
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
