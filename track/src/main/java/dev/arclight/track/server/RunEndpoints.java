package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.track.Dataset;
import dev.arclight.track.Limits;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.RunUpdate;
import dev.arclight.track.Runs;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code runs/…} and {@code metrics/…}. */
final class RunEndpoints {
    private static final int CURVE_POINTS = 2500;

    private final Runs runs;

    RunEndpoints(Runs runs) {
        this.runs = runs;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post(
                "runs/create",
                (payload, request) -> answer(runs.create(new RunStart(
                        payload.text("experiment_id").isEmpty() ? "0" : payload.text("experiment_id"),
                        payload.text("run_name"),
                        Optional.of(payload.text("user_id")),
                        payload.number("start_time", 0),
                        payload.pairs("tags")))));
        endpoints.get("runs/get", (payload, request) -> answer(runs.load(id(payload))));
        endpoints.post("runs/update", (payload, request) -> {
            Run run = runs.update(
                    id(payload),
                    new RunUpdate(
                            payload.find("status").map(RunEndpoints::status),
                            payload.has("end_time")
                                    ? OptionalLong.of(payload.number("end_time", 0))
                                    : OptionalLong.empty(),
                            payload.find("run_name")));
            ObjectNode json = MlflowJson.object();
            json.set("run_info", MlflowJson.info(run));
            return json;
        });
        endpoints.act("POST", "runs/delete", (payload, request) -> runs.delete(id(payload)));
        endpoints.act("POST", "runs/restore", (payload, request) -> runs.restore(id(payload)));
        endpoints.reply("POST", "runs/search", Role.READ, (payload, request) -> search(payload));
        addLogging(endpoints);
        endpoints.reply("GET", "metrics/get-history", Role.READ, (payload, request) -> history(payload));
        endpoints.get("metrics/get-history-bulk-interval", (payload, request) -> curves(payload));
    }

    private void addLogging(Endpoints endpoints) {
        endpoints.act(
                "POST",
                "runs/log-metric",
                (payload, request) -> runs.log(id(payload), RunBatch.metrics(List.of(metric(payload)))));
        endpoints.act(
                "POST",
                "runs/log-parameter",
                (payload, request) -> runs.log(
                        id(payload),
                        RunBatch.params(Map.of(
                                payload.required("key"), cut(payload.text("value"), Limits.PARAM_VALUE_LENGTH)))));
        endpoints.act(
                "POST",
                "runs/set-tag",
                (payload, request) -> runs.log(
                        id(payload),
                        RunBatch.tags(
                                Map.of(payload.required("key"), cut(payload.text("value"), Limits.TAG_VALUE_LENGTH)))));
        endpoints.act(
                "POST", "runs/delete-tag", (payload, request) -> runs.deleteTag(id(payload), payload.required("key")));
        endpoints.act("POST", "runs/log-batch", (payload, request) -> {
            List<Metric> metrics = new ArrayList<>();
            payload.objects("metrics").forEach(one -> metrics.add(metric(one)));
            runs.log(id(payload), new RunBatch(metrics, params(payload), tags(payload)));
        });
        endpoints.act(
                "POST",
                "runs/log-inputs",
                (payload, request) -> runs.inputs(
                        id(payload),
                        payload.objects("datasets").stream()
                                .map(RunEndpoints::dataset)
                                .toList(),
                        payload.objects("models").stream()
                                .map(model -> model.required("model_id"))
                                .toList()));
        endpoints.act(
                "POST",
                "runs/outputs",
                (payload, request) -> runs.outputs(
                        id(payload),
                        payload.objects("models").stream()
                                .map(model -> new ModelOutput(model.required("model_id"), model.number("step", 0)))
                                .toList()));
        endpoints.act("POST", "runs/log-model", (payload, request) -> {
            String history = runs.load(id(payload)).tags().getOrDefault("mlflow.log-model.history", "[]");
            String model = payload.required("model_json");
            String more =
                    history.equals("[]") ? "[" + model + "]" : history.replaceFirst("]$", "") + ", " + model + "]";
            runs.log(id(payload), RunBatch.tags(Map.of("mlflow.log-model.history", more)));
        });
    }

    private Reply search(Payload payload) throws IOException {
        Page<Run> page = runs.search(new RunSearch(
                payload.texts("experiment_ids"),
                Endpoints.view(payload, "run_view_type"),
                payload.text("filter"),
                payload.texts("order_by"),
                payload.integer("max_results", 1000),
                Endpoints.token(payload)));
        return LongAnswer.of("runs", page.items(), MlflowJson::run, page.nextToken());
    }

    private Reply history(Payload payload) throws IOException {
        List<Metric> all = runs.history(id(payload), payload.required("metric_key"));
        if (!payload.has("max_results")) {
            return LongAnswer.of("metrics", all, MlflowJson::metric, Optional.empty());
        }
        int size = payload.integer("max_results", 0);
        if (size <= 0) {
            throw HttpError.badRequest(
                    "Invalid value %d for parameter 'max_results' supplied. It must be a positive integer."
                            .formatted(size));
        }
        int from = Endpoints.token(payload).map(RunEndpoints::offset).orElse(0);
        int to = Math.min(all.size(), from + size);
        return LongAnswer.of(
                "metrics",
                all.subList(Math.min(from, to), to),
                MlflowJson::metric,
                to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
    }

    private ObjectNode curves(Payload payload) {
        int points = Math.max(2, Math.min(CURVE_POINTS, payload.integer("max_results", CURVE_POINTS)));
        List<ObjectNode> all = new ArrayList<>();
        runs.curves(payload.texts("run_ids"), payload.required("metric_key"), points)
                .forEach((runId, curve) -> curve.stream()
                        .filter(metric -> metric.step() >= payload.number("start_step", Long.MIN_VALUE)
                                && metric.step() <= payload.number("end_step", Long.MAX_VALUE))
                        .forEach(metric -> all.add(MlflowJson.metric(metric).put("run_id", runId))));
        return MlflowJson.page("metrics", all, Optional.empty());
    }

    private static int offset(String token) {
        try {
            return Integer.parseInt(token);
        } catch (NumberFormatException e) {
            throw HttpError.badRequest("Invalid page token '%s'".formatted(token));
        }
    }

    private static Map<String, String> params(Payload payload) {
        Map<String, String> params = new java.util.LinkedHashMap<>();
        for (Payload one : payload.objects("params")) {
            String key = one.required("key");
            String value = cut(one.text("value"), Limits.PARAM_VALUE_LENGTH);
            String other = params.put(key, value);
            if (other != null) {
                throw HttpError.badRequest(
                        "Duplicate parameter keys have been submitted: ['%s']. Please ensure the request contains only one param value per param key."
                                .formatted(key));
            }
        }
        return params;
    }

    private static Map<String, String> tags(Payload payload) {
        Map<String, String> tags = payload.pairs("tags");
        tags.replaceAll((key, value) -> cut(value, Limits.TAG_VALUE_LENGTH));
        return tags;
    }

    /** MLflow's server cuts values that are too long, and its autologging relies on that. */
    private static String cut(String value, int limit) {
        return value.codePointCount(0, value.length()) <= limit
                ? value
                : value.substring(0, value.offsetByCodePoints(0, limit));
    }

    private static Metric metric(Payload payload) {
        String model = payload.text("model_id");
        String dataset = payload.text("dataset_name");
        Optional<Metric.Origin> origin = model.isEmpty() && dataset.isEmpty()
                ? Optional.empty()
                : Optional.of(new Metric.Origin(model, dataset, payload.text("dataset_digest")));
        String key = payload.required("key");
        double value = payload.requiredDouble("value");
        if (!payload.has("timestamp")) {
            payload.required("timestamp");
        }
        return new Metric(key, value, payload.number("timestamp", 0), payload.number("step", 0), origin);
    }

    private static Dataset dataset(Payload payload) {
        Payload dataset = payload.object("dataset");
        return new Dataset(
                dataset.required("name"),
                dataset.required("digest"),
                dataset.required("source_type"),
                dataset.required("source"),
                dataset.find("schema"),
                dataset.find("profile"),
                payload.pairs("tags"));
    }

    private static RunStatus status(String text) {
        return switch (text) {
            case "RUNNING", "1" -> RunStatus.RUNNING;
            case "SCHEDULED", "2" -> RunStatus.SCHEDULED;
            case "FINISHED", "3" -> RunStatus.FINISHED;
            case "FAILED", "4" -> RunStatus.FAILED;
            case "KILLED", "5" -> RunStatus.KILLED;
            default -> throw HttpError.badRequest("Invalid value '%s' for parameter 'status' supplied".formatted(text));
        };
    }

    /** {@code run_uuid} is what MLflow called it long ago. */
    private static String id(Payload payload) {
        return payload.find("run_id").filter(id -> !id.isEmpty()).orElseGet(() -> {
            String old = payload.text("run_uuid");
            return old.isEmpty() ? payload.required("run_id") : old;
        });
    }

    private static ObjectNode answer(Run run) {
        ObjectNode json = MlflowJson.object();
        json.set("run", MlflowJson.run(run));
        return json;
    }
}
