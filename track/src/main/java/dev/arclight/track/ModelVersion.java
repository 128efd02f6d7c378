package dev.arclight.track;

import java.util.List;
import java.util.Map;

/**
 * One version of a registered model.
 *
 * @param name of the registered model
 * @param version 1, 2, ...
 * @param source where its files are: {@code models:/m-…}, {@code runs:/…} or an artifact URI
 * @param runId the run it came from, or empty text
 * @param modelId the logged model it came from, or empty text
 * @param stage MLflow's former stage: {@code None}, {@code Staging}, {@code Production} or {@code Archived}
 * @param user who registered it, or empty text
 * @param runLink where the run can be looked at if it is in another store, or empty text
 */
public record ModelVersion(
        String name,
        int version,
        String source,
        String runId,
        String modelId,
        String stage,
        String description,
        String user,
        String runLink,
        long createdMillis,
        long updatedMillis,
        Map<String, String> tags,
        List<String> aliases) {
    public ModelVersion {
        tags = Map.copyOf(tags);
        aliases = List.copyOf(aliases);
    }

    /** {@code models:/name/version}. */
    public String uri() {
        return "models:/%s/%d".formatted(name, version);
    }
}
