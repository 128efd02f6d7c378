package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Dataset;
import dev.arclight.track.Experiment;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelStatus;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Objects of a store as MLflow's protobuf messages in JSON. Empty lists are left out, as protobuf does. */
final class MlflowJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private MlflowJson() {}

    static ObjectNode object() {
        return NODES.objectNode();
    }

    /** {@code {name: [items], "next_page_token": ...}}. */
    static ObjectNode page(String name, List<ObjectNode> items, Optional<String> token) {
        ObjectNode page = object();
        addAll(page, name, items);
        token.ifPresent(next -> page.put("next_page_token", next));
        return page;
    }

    static ObjectNode experiment(Experiment experiment) {
        ObjectNode json = object();
        json.put("experiment_id", experiment.id());
        json.put("name", experiment.name());
        json.put("artifact_location", experiment.artifactLocation());
        json.put("lifecycle_stage", experiment.lifecycle().text());
        json.put("last_update_time", experiment.updatedMillis());
        json.put("creation_time", experiment.createdMillis());
        addAll(json, "tags", pairs(experiment.tags()));
        return json;
    }

    static ObjectNode run(Run run) {
        ObjectNode json = object();
        json.set("info", info(run));
        ObjectNode data = json.putObject("data");
        addAll(
                data,
                "metrics",
                run.metrics().values().stream()
                        .sorted(Comparator.comparing(Metric::key))
                        .map(MlflowJson::metric)
                        .toList());
        addAll(data, "params", pairs(run.params()));
        addAll(data, "tags", pairs(run.tags()));
        ObjectNode inputs = json.putObject("inputs");
        addAll(
                inputs,
                "dataset_inputs",
                run.datasets().stream().map(MlflowJson::dataset).toList());
        addAll(
                inputs,
                "model_inputs",
                run.modelInputs().stream()
                        .map(id -> object().put("model_id", id))
                        .toList());
        if (!run.modelOutputs().isEmpty()) {
            addAll(
                    json.putObject("outputs"),
                    "model_outputs",
                    run.modelOutputs().stream().map(MlflowJson::output).toList());
        }
        return json;
    }

    static ObjectNode info(Run run) {
        ObjectNode info = object();
        info.put("run_uuid", run.id());
        info.put("experiment_id", run.experimentId());
        info.put("run_name", run.name());
        info.put("user_id", run.user());
        info.put("status", run.status().name());
        info.put("start_time", run.startMillis());
        run.endMillis().ifPresent(end -> info.put("end_time", end));
        info.put("artifact_uri", run.artifactUri());
        info.put("lifecycle_stage", run.lifecycle().text());
        info.put("run_id", run.id());
        return info;
    }

    static ObjectNode metric(Metric metric) {
        ObjectNode json = object();
        json.put("key", metric.key());
        putDouble(json, metric.value());
        json.put("timestamp", metric.timestampMillis());
        json.put("step", metric.step());
        metric.origin().ifPresent(origin -> {
            putIfAny(json, "model_id", origin.modelId());
            putIfAny(json, "dataset_name", origin.datasetName());
            putIfAny(json, "dataset_digest", origin.datasetDigest());
        });
        return json;
    }

    static ObjectNode model(LoggedModel model) {
        ObjectNode json = object();
        ObjectNode info = json.putObject("info");
        info.put("model_id", model.id());
        info.put("experiment_id", model.experimentId());
        info.put("name", model.name());
        info.put("creation_timestamp_ms", model.createdMillis());
        info.put("last_updated_timestamp_ms", model.updatedMillis());
        info.put("artifact_uri", model.artifactUri());
        info.put("status", status(model.status()));
        info.put("model_type", model.type());
        info.put("source_run_id", model.runId());
        putIfAny(info, "status_message", model.statusMessage());
        addAll(info, "tags", pairs(model.tags()));
        ObjectNode data = json.putObject("data");
        addAll(data, "params", pairs(model.params()));
        addAll(data, "metrics", model.metrics().stream().map(MlflowJson::metric).toList());
        return json;
    }

    static ObjectNode registered(RegisteredModel model) {
        ObjectNode json = object();
        json.put("name", model.name());
        json.put("creation_timestamp", model.createdMillis());
        json.put("last_updated_timestamp", model.updatedMillis());
        putIfAny(json, "description", model.description());
        addAll(
                json,
                "latest_versions",
                model.latestVersions().stream().map(MlflowJson::version).toList());
        addAll(json, "tags", pairs(model.tags()));
        addAll(
                json,
                "aliases",
                new TreeMap<>(model.aliases())
                        .entrySet().stream()
                                .map(alias -> object().put("alias", alias.getKey())
                                        .put("version", Integer.toString(alias.getValue())))
                                .toList());
        return json;
    }

    static ObjectNode version(ModelVersion version) {
        ObjectNode json = object();
        json.put("name", version.name());
        json.put("version", Integer.toString(version.version()));
        json.put("creation_timestamp", version.createdMillis());
        json.put("last_updated_timestamp", version.updatedMillis());
        putIfAny(json, "user_id", version.user());
        json.put("current_stage", version.stage());
        json.put("description", version.description());
        json.put("source", version.source());
        json.put("run_id", version.runId());
        json.put("status", "READY");
        addAll(json, "tags", pairs(version.tags()));
        json.put("run_link", version.runLink());
        ArrayNode aliases = NODES.arrayNode();
        version.aliases().forEach(aliases::add);
        if (!aliases.isEmpty()) {
            json.set("aliases", aliases);
        }
        return json;
    }

    static ObjectNode file(ArtifactEntry entry) {
        ObjectNode json = object().put("path", entry.path()).put("is_dir", entry.isDirectory());
        return entry.isDirectory() ? json : json.put("file_size", entry.sizeBytes());
    }

    static LoggedModelStatus status(String text) {
        return switch (text) {
            case "LOGGED_MODEL_READY", "READY", "2" -> LoggedModelStatus.READY;
            case "LOGGED_MODEL_UPLOAD_FAILED", "FAILED", "3" -> LoggedModelStatus.FAILED;
            case "LOGGED_MODEL_PENDING", "PENDING", "1" -> LoggedModelStatus.PENDING;
            default -> throw dev.arclight.web.HttpError.badRequest("Unknown model status: " + text);
        };
    }

    private static String status(LoggedModelStatus status) {
        return switch (status) {
            case PENDING -> "LOGGED_MODEL_PENDING";
            case READY -> "LOGGED_MODEL_READY";
            case FAILED -> "LOGGED_MODEL_UPLOAD_FAILED";
        };
    }

    private static ObjectNode output(ModelOutput output) {
        return object().put("model_id", output.modelId()).put("step", output.step());
    }

    private static ObjectNode dataset(Dataset dataset) {
        ObjectNode json = object();
        addAll(json, "tags", pairs(dataset.tags()));
        ObjectNode inner = json.putObject("dataset");
        inner.put("name", dataset.name());
        inner.put("digest", dataset.digest());
        inner.put("source_type", dataset.sourceType());
        inner.put("source", dataset.source());
        dataset.schema().ifPresent(schema -> inner.put("schema", schema));
        dataset.profile().ifPresent(profile -> inner.put("profile", profile));
        return json;
    }

    private static List<ObjectNode> pairs(Map<String, String> pairs) {
        return new TreeMap<>(pairs)
                .entrySet().stream()
                        .map(pair -> object().put("key", pair.getKey()).put("value", pair.getValue()))
                        .toList();
    }

    private static void addAll(ObjectNode json, String name, List<ObjectNode> items) {
        if (!items.isEmpty()) {
            json.putArray(name).addAll(items);
        }
    }

    private static void putDouble(ObjectNode json, double value) {
        if (Double.isNaN(value)) {
            json.put("value", "NaN");
        } else {
            // MLflow's database has no infinities and answers with the largest doubles.
            json.put("value", Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value)));
        }
    }

    private static void putIfAny(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
