package dev.arclight.track;

import java.util.List;
import java.util.Map;

/**
 * A model under a name that deployments use.
 *
 * @param aliases alias to version number
 * @param latestVersions the newest version of each stage that has one
 */
public record RegisteredModel(
        String name,
        String description,
        long createdMillis,
        long updatedMillis,
        Map<String, String> tags,
        Map<String, Integer> aliases,
        List<ModelVersion> latestVersions) {
    public RegisteredModel {
        tags = Map.copyOf(tags);
        aliases = Map.copyOf(aliases);
        latestVersions = List.copyOf(latestVersions);
    }
}
