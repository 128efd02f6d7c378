package dev.arclight.track;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A version to be registered.
 *
 * @param name of the registered model
 * @param source where its files are: {@code models:/m-…}, {@code runs:/<run>/<path>} or an artifact URI of the store
 * @param runId the run it came from, or empty text: that of the logged model, if the source is one
 * @param user who registers it, or empty text: the one who runs this program
 * @param runLink mostly empty text
 */
public record Registration(
        String name,
        String source,
        String runId,
        String description,
        String user,
        String runLink,
        Map<String, String> tags) {
    public Registration {
        Limits.checkModelName(name);
        tags = Map.copyOf(tags);
        tags.forEach(Limits::checkModelTag);
    }

    public static Registration of(String name, String source) {
        return new Registration(name, source, "", "", "", "", Map.of());
    }

    public static Registration of(String name, LoggedModel model) {
        return of(name, model.uri()).from(model.runId());
    }

    public Registration from(String runId) {
        return new Registration(name, source, runId, description, user, runLink, tags);
    }

    public Registration describedAs(String description) {
        return new Registration(name, source, runId, description, user, runLink, tags);
    }

    public Registration by(String user) {
        return new Registration(name, source, runId, description, user, runLink, tags);
    }

    public Registration tag(String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put(key, value);
        return new Registration(name, source, runId, description, user, runLink, all);
    }
}
