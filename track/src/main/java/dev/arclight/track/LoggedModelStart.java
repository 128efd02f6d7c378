package dev.arclight.track;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a logged model begins: PENDING, without files.
 *
 * @param name empty: the store makes one up
 * @param runId the run that makes it, or empty text
 * @param type mostly empty text
 */
public record LoggedModelStart(
        String experimentId,
        String name,
        String runId,
        String type,
        Map<String, String> params,
        Map<String, String> tags) {
    public LoggedModelStart {
        params = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(params));
        tags = Map.copyOf(tags);
        params.forEach(Limits::checkParam);
        tags.forEach(Limits::checkTag);
    }
}
