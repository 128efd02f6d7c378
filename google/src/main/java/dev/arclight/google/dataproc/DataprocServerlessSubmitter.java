package dev.arclight.google.dataproc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Setting;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.JobStatus.State;
import dev.arclight.google.dataproc.DataprocSettings.Place;
import java.util.Map;

/**
 * Drivers as serverless batches of Dataproc (master {@code dataproc-serverless}): no cluster of one's own. By
 * {@code projects.locations.batches} (create, get) and {@code projects.regions.operations} (cancel) of Dataproc's REST
 * interface, v1. A batch is a long-running operation, whose end is that of the batch: what is looked at afterwards is
 * the batch.
 */
public final class DataprocServerlessSubmitter extends DataprocDrivers {
    /** For ServiceLoader. */
    public DataprocServerlessSubmitter() {
        this(Connection.ofProcess());
    }

    DataprocServerlessSubmitter(Connection connection) {
        super(connection);
    }

    @Override
    public String name() {
        return "dataproc-serverless";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.equals(new Master.Platform("dataproc-serverless"));
    }

    /** Nothing is there before the batch is. */
    @Override
    void check(RestClient dataproc, Place place, JobRequest request) {}

    @Override
    Map<String, String> defaults() {
        return Map.of();
    }

    @Override
    void create(RestClient dataproc, Place place, JobId id, JobRequest request, Shipped shipped) {
        ObjectNode batch = object();
        ObjectNode spark = batch.putObject("sparkBatch").put("mainClass", shipped.mainClass());
        texts(spark, "jarFileUris", shipped.jars());
        texts(spark, "args", shipped.arguments());
        batch.putObject("labels").put("arclight-job", id.text());
        ObjectNode runtime = batch.putObject("runtimeConfig");
        put(runtime, "version", DataprocSettings.RUNTIME, request);
        map(runtime, "properties", shipped.properties());
        ObjectNode execution = object();
        put(execution, "serviceAccount", DataprocSettings.ACCOUNT, request);
        put(execution, "subnetworkUri", DataprocSettings.SUBNET, request);
        if (!execution.isEmpty()) {
            batch.putObject("environmentConfig").set("executionConfig", execution);
        }
        JsonNode operation = dataproc.send(
                "POST",
                "/v1/projects/%s/locations/%s/batches".formatted(place.project(), place.region())
                        + QueryString.of("batchId", id.text())
                                .and("requestId", id.text())
                                .text(),
                batch,
                Repeat.SAFE);
        JsonNode error = operation.path("error");
        if (error.isObject()) { // an operation may be over, and in vain, in the first answer
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Dataproc did not take the batch %s: %s"
                            .formatted(id, error.path("message").asText("no reason given")));
        }
    }

    private static void put(ObjectNode to, String name, Setting setting, JobRequest request) {
        String text = request.settings().text(setting);
        if (!text.isBlank()) {
            to.put(name, text);
        }
    }

    @Override
    String path(String project, String region, String id) {
        return "/v1/projects/%s/locations/%s/batches/%s".formatted(project, region, id);
    }

    @Override
    JobStatus status(JsonNode batch) {
        String text = batch.path("state").asText("");
        State state = switch (text) {
            case "SUCCEEDED" -> State.SUCCEEDED;
            case "FAILED" -> State.FAILED;
            case "CANCELLED" -> State.STOPPED;
            case "RUNNING", "CANCELLING" -> State.RUNNING;
            default -> State.PENDING;
        };
        String message = batch.path("stateMessage").asText("");
        return new JobStatus(state, message.isEmpty() ? "Dataproc says " + text : message);
    }

    @Override
    String output(JsonNode batch) {
        return batch.path("runtimeInfo").path("outputUri").asText("");
    }

    @Override
    void cancel(RestClient dataproc, String path, JsonNode batch) {
        String operation = batch.path("operation").asText("");
        if (!operation.matches("projects/[^/?#]+/(regions|locations)/[^/?#]+/operations/[^/?#]+")) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE, "Dataproc names no operation of %s that could be cancelled".formatted(path));
        }
        dataproc.send("POST", "/v1/" + operation + ":cancel", object(), Repeat.SAFE);
    }
}
