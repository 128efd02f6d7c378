package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.track.Dataset;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunUpdate;
import dev.arclight.track.Runs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs of a server. */
final class RestRuns implements Runs {
    private static final String PATH = RestTracking.API + "/runs";
    private static final String METRICS = RestTracking.API + "/metrics";
    private static final int RUNS_A_CURVE_CALL = 100;

    /** MLflow's own limit on a body, with room for its frame. */
    private static final int BODY_BYTES = 1_000_000;

    private final RestClient client;
    private final String user;

    RestRuns(RestClient client, String user) {
        this.client = client;
        this.user = user;
    }

    @Override
    public Run create(RunStart start) {
        ObjectNode body = Wire.object()
                .put("experiment_id", start.experimentId())
                .put("user_id", start.user().orElse(user))
                .put("start_time", start.startMillis() > 0 ? start.startMillis() : System.currentTimeMillis());
        Wire.putIfAny(body, "run_name", start.name());
        body.set("tags", Wire.pairs(start.tags()));
        return run(client.send("POST", PATH + "/create", body, Repeat.UNSAFE));
    }

    @Override
    public Run load(String runId) {
        return run(client.get(PATH + "/get", QueryString.of("run_id", runId)));
    }

    @Override
    public Run update(String runId, RunUpdate update) {
        ObjectNode body = Wire.object().put("run_id", runId);
        update.status().ifPresent(status -> body.put("status", status.name()));
        update.endMillis().ifPresent(end -> body.put("end_time", end));
        update.name().ifPresent(name -> body.put("run_name", name));
        post("update", body);
        return load(runId);
    }

    @Override
    public void delete(String runId) {
        unlessAlready(() -> post("delete", Wire.object().put("run_id", runId)));
    }

    @Override
    public void restore(String runId) {
        unlessAlready(() -> post("restore", Wire.object().put("run_id", runId)));
    }

    @Override
    public void log(String runId, RunBatch batch) {
        ArrayNode metrics = Wire.texts(List.of());
        // MLflow 2 refuses a batch that holds a point twice.
        batch.metrics().stream().distinct().forEach(metric -> metrics.add(Wire.metric(metric)));
        ObjectNode body = Wire.object().put("run_id", runId);
        body.set("metrics", metrics);
        body.set("params", Wire.pairs(batch.params()));
        body.set("tags", Wire.pairs(batch.tags()));
        boolean divisible =
                batch.params().size() + batch.tags().size() + batch.metrics().size() > 1;
        if (divisible && RestClient.bytes(body).length > BODY_BYTES) {
            halves(batch).forEach(half -> log(runId, half));
        } else {
            post("log-batch", body);
        }
    }

    @Override
    public void deleteTag(String runId, String key) {
        post("delete-tag", Wire.object().put("run_id", runId).put("key", key));
    }

    @Override
    public void inputs(String runId, List<Dataset> datasets, List<String> modelIds) {
        ObjectNode body = Wire.object().put("run_id", runId);
        ArrayNode all = body.putArray("datasets");
        datasets.forEach(dataset -> all.add(Wire.dataset(dataset)));
        ArrayNode models = body.putArray("models");
        modelIds.forEach(id -> models.addObject().put("model_id", id));
        post("log-inputs", body);
    }

    @Override
    public void outputs(String runId, List<ModelOutput> models) {
        if (models.stream().allMatch(model -> RunModels.isId(model.modelId()))) {
            return; // tags of the run tell of them already
        }
        ObjectNode body = Wire.object().put("run_id", runId);
        ArrayNode all = body.putArray("models");
        models.forEach(model -> all.addObject().put("model_id", model.modelId()).put("step", model.step()));
        post("outputs", body);
    }

    @Override
    public List<Metric> history(String runId, String key) {
        List<Metric> all = new ArrayList<>(Page.all(token -> Wire.page(
                client.get(
                        METRICS + "/get-history",
                        QueryString.of("run_id", runId).and("metric_key", key).and("page_token", token)),
                "metrics",
                Wire::metric)));
        all.sort(BY_STEP);
        return all;
    }

    @Override
    public Map<String, List<Metric>> curves(List<String> runIds, String key, int maxPoints) {
        if (maxPoints < 2) {
            throw badInput("A curve of %d points: expected 2 or more".formatted(maxPoints));
        }
        Map<String, List<Metric>> curves = new LinkedHashMap<>();
        for (int from = 0; from < runIds.size(); from += RUNS_A_CURVE_CALL) {
            QueryString query = QueryString.of("metric_key", key).and("max_results", Integer.toString(maxPoints));
            runIds.subList(from, Math.min(runIds.size(), from + RUNS_A_CURVE_CALL))
                    .forEach(id -> query.and("run_ids", id));
            for (JsonNode point : bulk(query).path("metrics")) {
                curves.computeIfAbsent(Wire.text(point, "run_id"), id -> new ArrayList<>())
                        .add(Wire.metric(point));
            }
        }
        curves.values().forEach(points -> points.sort(BY_STEP));
        return curves;
    }

    @Override
    public Page<Run> search(RunSearch search) {
        ObjectNode body = Wire.object()
                .put("filter", search.filter())
                .put("run_view_type", Wire.view(search.view()))
                .put("max_results", search.maxResults());
        body.set("experiment_ids", Wire.texts(search.experimentIds()));
        body.set("order_by", Wire.texts(search.orderBy()));
        search.pageToken().ifPresent(token -> body.put("page_token", token));
        return Wire.page(client.send("POST", PATH + "/search", body, Repeat.SAFE), "runs", Wire::run);
    }

    private static final Comparator<Metric> BY_STEP = Comparator.comparingLong(Metric::step)
            .thenComparingLong(Metric::timestampMillis)
            .thenComparingDouble(Metric::value);

    /** MLflow 2 has this call for its pages only. */
    private JsonNode bulk(QueryString query) {
        String call = "/mlflow/metrics/get-history-bulk-interval";
        try {
            return client.get("/api/2.0" + call, query);
        } catch (ArclightException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return client.get("/ajax-api/2.0" + call, query);
        }
    }

    private static Run run(JsonNode answer) {
        return Wire.run(Wire.part(answer, "run"));
    }

    private void post(String call, ObjectNode body) {
        client.send("POST", PATH + "/" + call, body, Repeat.SAFE);
    }

    /** MLflow refuses to delete what is deleted; the wish is fulfilled. */
    private static void unlessAlready(Runnable call) {
        try {
            call.run();
        } catch (ArclightException e) {
            if (e.code() != ErrorCode.BAD_STATE) {
                throw e;
            }
        }
    }

    /** Two batches that make up one that is too large for a body. */
    private static List<RunBatch> halves(RunBatch batch) {
        return List.of(half(batch, true), half(batch, false));
    }

    private static RunBatch half(RunBatch batch, boolean first) {
        int middle = batch.metrics().size() / 2;
        return new RunBatch(
                first
                        ? batch.metrics().subList(0, middle)
                        : batch.metrics().subList(middle, batch.metrics().size()),
                half(batch.params(), first),
                half(batch.tags(), first));
    }

    private static Map<String, String> half(Map<String, String> all, boolean first) {
        Map<String, String> some = new LinkedHashMap<>();
        int middle = (all.size() + 1) / 2;
        int i = 0;
        for (Map.Entry<String, String> entry : all.entrySet()) {
            if (i++ < middle == first) {
                some.put(entry.getKey(), entry.getValue());
            }
        }
        return some;
    }
}
