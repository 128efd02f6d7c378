package dev.arclight.google.dataproc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Drivers as Spark jobs of a Dataproc cluster (master {@code dataproc}), whose executors are YARN's. By
 * {@code projects.regions.jobs} (submit, get, cancel) and {@code projects.regions.clusters} (get, list) of Dataproc's
 * REST interface, v1.
 */
public final class DataprocSubmitter extends DataprocDrivers {
    /** For ServiceLoader. */
    public DataprocSubmitter() {
        this(Connection.ofProcess());
    }

    DataprocSubmitter(Connection connection) {
        super(connection);
    }

    @Override
    public String name() {
        return "dataproc";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.equals(new Master.Platform("dataproc"));
    }

    @Override
    void check(RestClient dataproc, Place place, JobRequest request) {
        String cluster = cluster(request);
        String clusters = "/v1/projects/%s/regions/%s/clusters".formatted(place.project(), place.region());
        Optional<JsonNode> found = find(dataproc, clusters + "/" + QueryString.path(cluster));
        if (found.isEmpty()) {
            List<String> names = names(dataproc, clusters);
            throw ArclightException.notFound("There is no Dataproc cluster '%s' in %s of project %s: there %s"
                    .formatted(
                            cluster,
                            place.region(),
                            place.project(),
                            names.isEmpty() ? "is none at all" : "are " + String.join(", ", names)));
        }
        String state = found.get().path("status").path("state").asText("");
        if (!List.of("RUNNING", "UPDATING", "CREATING", "STARTING").contains(state)) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The Dataproc cluster '%s' is %s and takes no jobs: start it, or name another one"
                            .formatted(cluster, state));
        }
    }

    private static List<String> names(RestClient dataproc, String clusters) {
        List<String> names = new ArrayList<>();
        Optional<String> page = Optional.empty();
        do {
            JsonNode answer = dataproc.get(clusters, QueryString.none().and("pageToken", page));
            answer.path("clusters")
                    .forEach(one -> names.add(one.path("clusterName").asText()));
            page = Optional.of(answer.path("nextPageToken").asText("")).filter(token -> !token.isEmpty());
        } while (page.isPresent());
        return names;
    }

    private static String cluster(JobRequest request) {
        return DataprocSettings.required(
                request.settings(), request.master().text(), DataprocSettings.CLUSTER, "CLUSTER");
    }

    /** So that {@code Arclight.builder(..)} takes the cluster, as Spark's own builder does. */
    @Override
    Map<String, String> defaults() {
        return Map.of("spark.driver.extraJavaOptions", "-Darclight.master=yarn");
    }

    @Override
    void create(RestClient dataproc, Place place, JobId id, JobRequest request, Shipped shipped) {
        ObjectNode body = object().put("requestId", id.text());
        ObjectNode job = body.putObject("job");
        job.putObject("reference").put("projectId", place.project()).put("jobId", id.text());
        job.putObject("placement").put("clusterName", cluster(request));
        job.putObject("labels").put("arclight-job", id.text());
        ObjectNode spark = job.putObject("sparkJob").put("mainClass", shipped.mainClass());
        texts(spark, "jarFileUris", shipped.jars());
        texts(spark, "args", shipped.arguments());
        map(spark, "properties", shipped.properties());
        dataproc.send(
                "POST",
                "/v1/projects/%s/regions/%s/jobs:submit".formatted(place.project(), place.region()),
                body,
                Repeat.SAFE); // the second request of the same id is answered with the job of the first
    }

    @Override
    String path(String project, String region, String id) {
        return "/v1/projects/%s/regions/%s/jobs/%s".formatted(project, region, id);
    }

    @Override
    JobStatus status(JsonNode job) {
        JsonNode status = job.path("status");
        String text = status.path("state").asText("");
        State state = switch (text) {
            case "DONE" -> State.SUCCEEDED;
            case "ERROR" -> State.FAILED;
            case "CANCELLED" -> State.STOPPED;
            case "RUNNING", "CANCEL_PENDING", "CANCEL_STARTED", "ATTEMPT_FAILURE" -> State.RUNNING;
            default -> State.PENDING; // PENDING, SETUP_DONE
        };
        String details = status.path("details").asText("");
        return new JobStatus(state, details.isEmpty() ? "Dataproc says " + text : details);
    }

    @Override
    String output(JsonNode job) {
        return job.path("driverOutputResourceUri").asText("");
    }

    @Override
    void cancel(RestClient dataproc, String path, JsonNode job) {
        dataproc.send("POST", path + ":cancel", object(), Repeat.SAFE);
    }
}
