package dev.arclight.track;

import java.util.Map;
import java.util.Optional;

/**
 * A dataset that a run read.
 *
 * @param name at most 500 characters
 * @param digest of its content, at most 36 characters
 * @param sourceType such as {@code local}
 * @param source JSON that says where it comes from
 * @param schema JSON
 * @param profile JSON
 * @param tags such as {@code mlflow.data.context = training}
 */
public record Dataset(
        String name,
        String digest,
        String sourceType,
        String source,
        Optional<String> schema,
        Optional<String> profile,
        Map<String, String> tags) {
    public Dataset {
        tags = Map.copyOf(tags);
        Limits.checkDataset(name, digest);
    }
}
