package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelSearch;
import dev.arclight.track.LoggedModelStart;
import dev.arclight.track.LoggedModelStatus;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.Runs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logged models of a server of MLflow 2, which has none: as its own clients do, a model is a folder of its run's
 * artifacts, and its id is what the registry takes as a source there, {@code runs:/<run>/<name>}. What else a logged
 * model has is kept in tags of the run. A second model of one name in one run replaces the first.
 */
final class RunModels implements LoggedModels {
    private static final Pattern ID = Pattern.compile("runs:/([^/]+)/([^/]+)");
    private static final String TAG = "arclight.logged-model/";
    private static final String STATUS = "/status";
    private static final String TYPE = "/type";

    private final Runs runs;

    RunModels(Runs runs) {
        this.runs = runs;
    }

    /** Whether an id is one of these. */
    static boolean isId(String modelId) {
        return ID.matcher(modelId).matches();
    }

    /** The models that a run's tags tell of. */
    static List<ModelOutput> outputs(String runId, Map<String, String> tags) {
        return tags.keySet().stream()
                .filter(key -> key.startsWith(TAG) && key.endsWith(STATUS))
                .sorted()
                .map(key -> new ModelOutput(
                        "runs:/%s/%s".formatted(runId, key.substring(TAG.length(), key.length() - STATUS.length())), 0))
                .toList();
    }

    @Override
    public LoggedModel create(LoggedModelStart start) {
        if (start.runId().isEmpty()) {
            throw badInput("A server of MLflow 2 keeps a model with its run: name the run that makes model '%s'"
                    .formatted(start.name()));
        }
        String name = start.name().isEmpty() ? "model" : start.name();
        String prefix = TAG + name;
        Map<String, String> tags = new LinkedHashMap<>();
        start.params().forEach((key, value) -> tags.put(prefix + "/param/" + key, value));
        start.tags().forEach((key, value) -> tags.put(prefix + "/tag/" + key, value));
        tags.put(prefix + TYPE, start.type());
        tags.put(prefix + STATUS, LoggedModelStatus.PENDING.name());
        runs.log(start.runId(), RunBatch.tags(tags));
        return load("runs:/%s/%s".formatted(start.runId(), name));
    }

    @Override
    public LoggedModel load(String modelId) {
        Matcher matcher = ID.matcher(modelId);
        if (!matcher.matches()) {
            throw notFound("There is no logged model '%s' on a server of MLflow 2: expected runs:/<run>/<name>"
                    .formatted(modelId));
        }
        return model(runs.load(matcher.group(1)), matcher.group(2));
    }

    @Override
    public LoggedModel finish(String modelId, LoggedModelStatus status) {
        change(modelId, Map.of(STATUS, status.name()));
        return load(modelId);
    }

    @Override
    public void params(String modelId, Map<String, String> params) {
        Map<String, String> known = load(modelId).params();
        Map<String, String> tags = new LinkedHashMap<>();
        params.forEach((key, value) -> {
            if (!known.containsKey(key)) {
                tags.put("/param/" + key, value);
            }
        });
        change(modelId, tags);
    }

    @Override
    public void tags(String modelId, Map<String, String> tags) {
        Map<String, String> below = new LinkedHashMap<>();
        tags.forEach((key, value) -> below.put("/tag/" + key, value));
        change(modelId, below);
    }

    @Override
    public void deleteTag(String modelId, String key) {
        LoggedModel model = load(modelId);
        runs.deleteTag(model.runId(), TAG + model.name() + "/tag/" + key);
    }

    /** Forgets the model; its files stay with the run. */
    @Override
    public void delete(String modelId) {
        LoggedModel model = load(modelId);
        String prefix = TAG + model.name() + "/";
        for (String key : runs.load(model.runId()).tags().keySet()) {
            if (key.startsWith(prefix)) {
                runs.deleteTag(model.runId(), key);
            }
        }
    }

    @Override
    public Page<LoggedModel> search(LoggedModelSearch search) {
        if (!search.filter().isBlank()
                || !search.orderBy().isEmpty()
                || !search.datasets().isEmpty()) {
            throw badInput("A server of MLflow 2 cannot filter or order logged models; search its runs");
        }
        RunSearch all = RunSearch.in(search.experimentIds().toArray(String[]::new));
        Page<Run> page = runs.search(all.withPageToken(search.pageToken()));
        List<LoggedModel> models = new ArrayList<>();
        for (Run run : page.items()) {
            for (ModelOutput output : run.modelOutputs()) {
                models.add(
                        model(run, output.modelId().substring(output.modelId().lastIndexOf('/') + 1)));
            }
        }
        return new Page<>(models, page.nextToken());
    }

    private void change(String modelId, Map<String, String> below) {
        LoggedModel model = load(modelId);
        Map<String, String> tags = new LinkedHashMap<>();
        below.forEach((key, value) -> tags.put(TAG + model.name() + key, value));
        runs.log(model.runId(), RunBatch.tags(tags));
    }

    private static LoggedModel model(Run run, String name) {
        String prefix = TAG + name;
        String status = run.tags().get(prefix + STATUS);
        if (status == null) {
            throw notFound("Run %s has no logged model '%s'".formatted(run.id(), name));
        }
        return new LoggedModel(
                "runs:/%s/%s".formatted(run.id(), name),
                run.experimentId(),
                name,
                run.artifactUri() + "/" + name,
                LoggedModelStatus.valueOf(status),
                "",
                run.id(),
                run.tags().getOrDefault(prefix + TYPE, ""),
                run.startMillis(),
                run.startMillis(),
                below(run, prefix + "/param/"),
                below(run, prefix + "/tag/"),
                List.copyOf(run.metrics().values()));
    }

    private static Map<String, String> below(Run run, String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        run.tags().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }
}
