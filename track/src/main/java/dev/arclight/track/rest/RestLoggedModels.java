package dev.arclight.track.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelSearch;
import dev.arclight.track.LoggedModelStart;
import dev.arclight.track.LoggedModelStatus;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.Page;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Logged models of a server of MLflow 3 or newer. */
final class RestLoggedModels implements LoggedModels {
    private static final String PATH = RestTracking.API + "/logged-models";
    private static final Pattern ORDER =
            Pattern.compile("(.*?)(?:\\s+(ASC|DESC))?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final RestClient client;

    RestLoggedModels(RestClient client) {
        this.client = client;
    }

    @Override
    public LoggedModel create(LoggedModelStart start) {
        ObjectNode body = Wire.object().put("experiment_id", start.experimentId());
        Wire.putIfAny(body, "name", start.name());
        Wire.putIfAny(body, "source_run_id", start.runId());
        Wire.putIfAny(body, "model_type", start.type());
        body.set("params", Wire.pairs(start.params()));
        body.set("tags", Wire.pairs(start.tags()));
        return model(client.send("POST", PATH, body, Repeat.UNSAFE));
    }

    @Override
    public LoggedModel load(String modelId) {
        return model(client.get(path(modelId), QueryString.none()));
    }

    @Override
    public LoggedModel finish(String modelId, LoggedModelStatus status) {
        ObjectNode body = Wire.object()
                .put("model_id", modelId)
                .put(
                        "status",
                        switch (status) {
                            case PENDING -> "LOGGED_MODEL_PENDING";
                            case READY -> "LOGGED_MODEL_READY";
                            case FAILED -> "LOGGED_MODEL_UPLOAD_FAILED";
                        });
        return model(client.send("PATCH", path(modelId), body, Repeat.SAFE));
    }

    @Override
    public void params(String modelId, Map<String, String> params) {
        ObjectNode body = Wire.object().put("model_id", modelId);
        body.set("params", Wire.pairs(params));
        client.send("POST", path(modelId) + "/params", body, Repeat.SAFE);
    }

    @Override
    public void tags(String modelId, Map<String, String> tags) {
        ObjectNode body = Wire.object().put("model_id", modelId);
        body.set("tags", Wire.pairs(tags));
        client.send("PATCH", path(modelId) + "/tags", body, Repeat.SAFE);
    }

    @Override
    public void deleteTag(String modelId, String key) {
        client.send(
                "DELETE",
                path(modelId) + "/tags/" + QueryString.path(key),
                Wire.object().put("model_id", modelId).put("tag_key", key),
                Repeat.SAFE);
    }

    @Override
    public void delete(String modelId) {
        client.send("DELETE", path(modelId), Wire.object().put("model_id", modelId), Repeat.SAFE);
    }

    @Override
    public Page<LoggedModel> search(LoggedModelSearch search) {
        ObjectNode body = Wire.object().put("filter", search.filter()).put("max_results", search.maxResults());
        body.set("experiment_ids", Wire.texts(search.experimentIds()));
        ArrayNode datasets = body.putArray("datasets");
        search.datasets()
                .forEach(dataset -> Wire.putIfAny(
                        datasets.addObject().put("dataset_name", dataset.datasetName()),
                        "dataset_digest",
                        dataset.datasetDigest()));
        ArrayNode order = body.putArray("order_by");
        for (String key : search.orderBy()) {
            Matcher matcher = ORDER.matcher(key);
            matcher.matches(); // always: every part is optional
            String direction = matcher.group(2);
            order.addObject()
                    .put("field_name", matcher.group(1).strip().replace("`", ""))
                    .put("ascending", direction == null || direction.equalsIgnoreCase("ASC"));
        }
        search.pageToken().ifPresent(token -> body.put("page_token", token));
        return Wire.page(client.send("POST", PATH + "/search", body, Repeat.SAFE), "models", RestLoggedModels::read);
    }

    private static String path(String modelId) {
        return PATH + "/" + QueryString.path(modelId);
    }

    private static LoggedModel model(JsonNode answer) {
        return read(Wire.part(answer, "model"));
    }

    private static LoggedModel read(JsonNode json) {
        JsonNode info = Wire.part(json, "info");
        JsonNode data = json.path("data");
        return new LoggedModel(
                Wire.text(info, "model_id"),
                Wire.text(info, "experiment_id"),
                Wire.text(info, "name"),
                Wire.text(info, "artifact_uri"),
                status(Wire.text(info, "status")),
                Wire.text(info, "status_message"),
                Wire.text(info, "source_run_id"),
                Wire.text(info, "model_type"),
                Wire.number(info, "creation_timestamp_ms"),
                Wire.number(info, "last_updated_timestamp_ms"),
                Wire.pairs(data, "params"),
                Wire.pairs(info, "tags"),
                Wire.list(data, "metrics", Wire::metric));
    }

    private static LoggedModelStatus status(String text) {
        return switch (text) {
            case "LOGGED_MODEL_READY", "READY" -> LoggedModelStatus.READY;
            case "LOGGED_MODEL_UPLOAD_FAILED", "FAILED" -> LoggedModelStatus.FAILED;
            default -> LoggedModelStatus.PENDING;
        };
    }
}
