package dev.arclight.track.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Dataset;
import dev.arclight.track.Experiment;
import dev.arclight.track.Lifecycle;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunStatus;
import dev.arclight.track.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** MLflow's messages about experiments and runs, and what all messages share. Absent fields read as empty. */
final class Wire {
    private Wire() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        return value == null || value.isNull() ? "" : value.asText();
    }

    static Optional<String> find(JsonNode json, String name) {
        return Optional.of(text(json, name)).filter(value -> !value.isEmpty());
    }

    static long number(JsonNode json, String name) {
        return json.path(name).asLong(); // protobuf writes 64-bit integers as text
    }

    static <T> List<T> list(JsonNode json, String name, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        json.path(name).forEach(one -> all.add(read.apply(one)));
        return all;
    }

    static <T> Page<T> page(JsonNode json, String name, Function<JsonNode, T> read) {
        return new Page<>(list(json, name, read), find(json, "next_page_token"));
    }

    static Map<String, String> pairs(JsonNode json, String name) {
        Map<String, String> all = new LinkedHashMap<>();
        json.path(name).forEach(pair -> all.put(text(pair, "key"), text(pair, "value")));
        return all;
    }

    static ArrayNode pairs(Map<String, String> pairs) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        pairs.forEach((key, value) -> all.addObject().put("key", key).put("value", value));
        return all;
    }

    static ArrayNode texts(List<String> texts) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        texts.forEach(all::add);
        return all;
    }

    /** A part of an answer that must be there. */
    static JsonNode part(JsonNode json, String name) {
        JsonNode part = json.get(name);
        if (part == null || !part.isObject()) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "The server's answer lacks '%s'; is it a tracking server?".formatted(name));
        }
        return part;
    }

    static Experiment experiment(JsonNode json) {
        return new Experiment(
                text(json, "experiment_id"),
                text(json, "name"),
                text(json, "artifact_location"),
                lifecycle(json),
                number(json, "creation_time"),
                number(json, "last_update_time"),
                pairs(json, "tags"));
    }

    static Run run(JsonNode json) {
        JsonNode info = part(json, "info");
        JsonNode data = json.path("data");
        JsonNode inputs = json.path("inputs");
        Map<String, Metric> metrics = new LinkedHashMap<>();
        data.path("metrics").forEach(one -> metrics.put(text(one, "key"), metric(one)));
        Map<String, String> tags = pairs(data, "tags");
        String run = find(info, "run_id").orElse(text(info, "run_uuid"));
        List<ModelOutput> outputs = list(
                json.path("outputs"),
                "model_outputs",
                model -> new ModelOutput(text(model, "model_id"), number(model, "step")));
        return new Run(
                run,
                text(info, "experiment_id"),
                find(info, "run_name").orElse(tags.getOrDefault("mlflow.runName", "")),
                status(text(info, "status")),
                find(info, "user_id").orElse(tags.getOrDefault("mlflow.user", "")),
                number(info, "start_time"),
                number(info, "end_time") > 0 ? OptionalLong.of(number(info, "end_time")) : OptionalLong.empty(),
                text(info, "artifact_uri"),
                lifecycle(info),
                pairs(data, "params"),
                metrics,
                tags,
                list(inputs, "dataset_inputs", Wire::dataset),
                list(inputs, "model_inputs", model -> text(model, "model_id")),
                outputs.isEmpty() ? RunModels.outputs(run, tags) : outputs);
    }

    static Metric metric(JsonNode json) {
        String model = text(json, "model_id");
        String dataset = text(json, "dataset_name");
        Optional<Metric.Origin> origin = model.isEmpty() && dataset.isEmpty()
                ? Optional.empty()
                : Optional.of(new Metric.Origin(model, dataset, text(json, "dataset_digest")));
        return new Metric(
                text(json, "key"),
                json.path("value").asDouble(), // NaN and the infinities are texts
                Math.max(0, number(json, "timestamp")),
                number(json, "step"),
                origin);
    }

    static ObjectNode metric(Metric metric) {
        ObjectNode json = object().put("key", metric.key());
        if (Double.isFinite(metric.value())) {
            json.put("value", metric.value());
        } else {
            json.put("value", Double.toString(metric.value())); // NaN, Infinity, -Infinity: as protobuf has them
        }
        json.put("timestamp", metric.timestampMillis()).put("step", metric.step());
        metric.origin().ifPresent(origin -> {
            putIfAny(json, "model_id", origin.modelId());
            putIfAny(json, "dataset_name", origin.datasetName());
            putIfAny(json, "dataset_digest", origin.datasetDigest());
        });
        return json;
    }

    static ObjectNode dataset(Dataset dataset) {
        ObjectNode json = object();
        json.set("tags", pairs(dataset.tags()));
        ObjectNode inner = json.putObject("dataset")
                .put("name", dataset.name())
                .put("digest", dataset.digest())
                .put("source_type", dataset.sourceType())
                .put("source", dataset.source());
        dataset.schema().ifPresent(schema -> inner.put("schema", schema));
        dataset.profile().ifPresent(profile -> inner.put("profile", profile));
        return json;
    }

    static void putIfAny(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    static String view(View view) {
        return view.name(); // the names are MLflow's
    }

    private static Dataset dataset(JsonNode json) {
        JsonNode inner = json.path("dataset");
        return new Dataset(
                text(inner, "name"),
                text(inner, "digest"),
                text(inner, "source_type"),
                text(inner, "source"),
                find(inner, "schema"),
                find(inner, "profile"),
                pairs(json, "tags"));
    }

    private static Lifecycle lifecycle(JsonNode json) {
        return text(json, "lifecycle_stage").equals("deleted") ? Lifecycle.DELETED : Lifecycle.ACTIVE;
    }

    private static RunStatus status(String text) {
        for (RunStatus status : RunStatus.values()) {
            if (status.name().equals(text)) {
                return status;
            }
        }
        return RunStatus.RUNNING; // protobuf leaves out the first value of an enum
    }
}
