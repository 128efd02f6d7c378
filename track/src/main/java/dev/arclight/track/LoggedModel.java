package dev.arclight.track;

import java.util.List;
import java.util.Map;

/**
 * A model as a run logged it.
 *
 * @param id {@code m-} and 32 hexadecimal digits
 * @param artifactUri root of its files
 * @param runId the run that made it, or empty text
 * @param type such as {@code Agent}; mostly empty text
 * @param statusMessage why it is FAILED, or empty text
 * @param metrics measured on this model, the latest of each key and dataset
 */
public record LoggedModel(
        String id,
        String experimentId,
        String name,
        String artifactUri,
        LoggedModelStatus status,
        String statusMessage,
        String runId,
        String type,
        long createdMillis,
        long updatedMillis,
        Map<String, String> params,
        Map<String, String> tags,
        List<Metric> metrics) {
    public LoggedModel {
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
        metrics = List.copyOf(metrics);
    }

    /** How the registry and Python name it: {@code models:/m-…}. */
    public String uri() {
        return "models:/" + id;
    }
}
