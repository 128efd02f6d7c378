package dev.arclight.track;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a run begins. Each {@code with}-like method returns a new object.
 *
 * @param experimentId the experiment it belongs to
 * @param name for a person; empty: the store makes one up
 * @param user empty: the one who runs this program
 * @param startMillis since the epoch; 0: now
 * @param tags at most 8,000 characters each; MLflow's own begin with {@code mlflow.}
 */
public record RunStart(
        String experimentId, String name, Optional<String> user, long startMillis, Map<String, String> tags) {
    /** The tag that names a nested run's parent. */
    public static final String PARENT_TAG = "mlflow.parentRunId";

    public RunStart {
        tags = Map.copyOf(tags);
        tags.forEach(Limits::checkTag);
    }

    public static RunStart in(Experiment experiment) {
        return in(experiment.id());
    }

    public static RunStart in(String experimentId) {
        return new RunStart(experimentId, "", Optional.empty(), 0, Map.of());
    }

    public RunStart named(String name) {
        return new RunStart(experimentId, name, user, startMillis, tags);
    }

    public RunStart by(String user) {
        return new RunStart(experimentId, name, Optional.of(user), startMillis, tags);
    }

    public RunStart at(long startMillis) {
        return new RunStart(experimentId, name, user, startMillis, tags);
    }

    /** Nests the run below the run with this id. */
    public RunStart parent(String runId) {
        return tag(PARENT_TAG, runId);
    }

    public RunStart tag(String key, String value) {
        return tags(Map.of(key, value));
    }

    /** Adds tags. */
    public RunStart tags(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.putAll(more);
        return new RunStart(experimentId, name, user, startMillis, all);
    }
}
