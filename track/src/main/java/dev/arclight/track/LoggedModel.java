package dev.arclight.track;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as a run logged it.
 *
 * @param id {@code m-} and 32 hexadecimal digits; on a server of MLflow 2 {@code runs:/<run>/<name>}
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
    /** A logged model by its own URI or, as MLflow's client has it, by that of its artifacts. */
    private static final Pattern SOURCE =
            Pattern.compile("models:/+(m-[0-9a-zA-Z]+)|mlflow-artifacts:/.*/models/(m-[0-9a-f]{32})/artifacts/?");

    public LoggedModel {
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
        metrics = List.copyOf(metrics);
    }

    /** How the registry and Python name it: {@code models:/m-…}; on a server of MLflow 2 {@code runs:/<run>/<name>}. */
    public String uri() {
        return id.startsWith("runs:/") ? id : "models:/" + id;
    }

    /** The id of the logged model that the source of a version names, if it names one. */
    public static Optional<String> idIn(String source) {
        Matcher matcher = SOURCE.matcher(source);
        return matcher.matches()
                ? Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                : Optional.empty();
    }
}
