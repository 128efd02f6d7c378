package dev.arclight.google.dataproc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import dev.arclight.testing.StandIn.Seen;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for Dataproc. Answers in the fields of the published pages: "Submit a job" (its REST example:
 * {@code reference}, {@code placement}, {@code status}, {@code driverOutputResourceUri}, {@code jobUuid}), the REST
 * reference, v1, of {@code projects.regions.jobs}, {@code projects.regions.clusters} (lists: {@code nextPageToken}),
 * {@code projects.locations.batches} ({@code Operation} as the answer to create, {@code operation},
 * {@code runtimeInfo.outputUri}, {@code stateMessage}) and {@code projects.regions.operations}, errors as in AIP-193.
 * Refuses who shows no token or an old one; a second request of the same id is answered with the first one's job.
 */
final class DataprocStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CLUSTERS = Pattern.compile("/v1/projects/my-project-1/regions/europe-west1/clusters");
    private static final Pattern JOB =
            Pattern.compile("/v1/projects/my-project-1/regions/europe-west1/jobs/([a-z0-9-]+)(:cancel)?");
    private static final Pattern BATCH =
            Pattern.compile("/v1/projects/my-project-1/locations/europe-west1/batches/([a-z0-9-]+)");
    private static final Pattern OPERATION =
            Pattern.compile("/v1/projects/my-project-1/regions/europe-west1/operations/op-([a-z0-9-]+):cancel");

    private final StandIn server = new StandIn(this::answer);
    private final Path output;
    private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> batches = new ConcurrentHashMap<>();
    private final Queue<Integer> troubles = new ConcurrentLinkedQueue<>();
    private volatile String token = "t1";
    private volatile boolean answersGetLost;
    private volatile String operationError = "";

    /** @param output where drivers' output lies, below the job's id */
    DataprocStandIn(Path output) {
        this.output = output;
    }

    URI uri() {
        return server.uri();
    }

    List<Seen> seen() {
        return server.seen();
    }

    /** The only one accepted from now on. */
    void accept(String newToken) {
        token = newToken;
    }

    /** The next requests are answered so. */
    void trouble(Integer... statuses) {
        troubles.addAll(List.of(statuses));
    }

    /** What is created is, but the client never hears of it. */
    void loseAnswers() {
        answersGetLost = true;
    }

    /** The next batch's operation is over at once, with this message. */
    void failOperation(String message) {
        operationError = message;
    }

    void job(String id, String state, String details) {
        ((ObjectNode) job(id).path("status")).put("state", state).put("details", details);
    }

    void batch(String id, String state, String message) {
        batch(id).put("state", state).put("stateMessage", message);
    }

    /** As it stands. */
    ObjectNode job(String id) {
        return Objects.requireNonNull(jobs.get(id), id);
    }

    /** As it stands. */
    ObjectNode batch(String id) {
        return Objects.requireNonNull(batches.get(id), id);
    }

    Map<String, ObjectNode> jobs() {
        return new TreeMap<>(jobs);
    }

    @Override
    public void close() {
        server.close();
    }

    private Answer answer(Seen request) {
        if (!request.header("Authorization").equals("Bearer " + token)) {
            return error(
                    401,
                    "UNAUTHENTICATED",
                    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other"
                            + " valid authentication credential.");
        }
        Integer trouble = troubles.poll();
        if (trouble != null) {
            return trouble == 403
                    ? error(403, "PERMISSION_DENIED", "Permission 'dataproc.jobs.create' denied on resource")
                    : error(
                            trouble,
                            trouble == 404 ? "NOT_FOUND" : "UNAVAILABLE",
                            "The service is currently unavailable.");
        }
        try {
            return route(request, request.path().replaceFirst("\\?.*", ""));
        } catch (JsonProcessingException e) {
            return error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        }
    }

    private Answer route(Seen request, String path) throws JsonProcessingException {
        Matcher job = JOB.matcher(path);
        Matcher batch = BATCH.matcher(path);
        Matcher operation = OPERATION.matcher(path);
        if (request.method().equals("POST") && path.endsWith("/jobs:submit")) {
            return lost(submit(JSON.readTree(request.text())));
        }
        if (request.method().equals("POST") && path.endsWith("/locations/europe-west1/batches")) {
            return lost(create(request.path(), JSON.readTree(request.text())));
        }
        if (job.matches() && jobs.containsKey(job.group(1))) {
            ObjectNode found = jobs.get(job.group(1));
            if (job.group(2) != null) {
                ((ObjectNode) found.path("status")).put("state", "CANCEL_PENDING");
            }
            return Answer.json(found.toString());
        }
        if (batch.matches() && batches.containsKey(batch.group(1))) {
            return Answer.json(batch(batch.group(1)).toString());
        }
        if (operation.matches() && request.method().equals("POST")) {
            batch(operation.group(1)).put("state", "CANCELLING");
            return Answer.json("{}");
        }
        if (CLUSTERS.matcher(path).matches()) {
            return request.path().contains("pageToken=2")
                    ? Answer.json("{\"clusters\": [{\"clusterName\": \"cluster-c\"}]}")
                    : Answer.json("{\"clusters\": [{\"clusterName\": \"cluster-a\"}, {\"clusterName\": \"cluster-b\"}],"
                            + " \"nextPageToken\": \"2\"}");
        }
        if (path.endsWith("/clusters/cluster-a") || path.endsWith("/clusters/cluster-b")) {
            return Answer.json(
                    "{\"projectId\": \"my-project-1\", \"clusterName\": \"%s\", \"status\": {\"state\": \"%s\"}}"
                            .formatted(
                                    path.substring(path.lastIndexOf('/') + 1),
                                    path.endsWith("-a") ? "RUNNING" : "STOPPED"));
        }
        return error(404, "NOT_FOUND", "Not found: " + path);
    }

    private Answer submit(JsonNode body) {
        String id = body.path("job").path("reference").path("jobId").asText();
        ObjectNode job = jobs.computeIfAbsent(id, absent -> {
            ObjectNode made = body.path("job").deepCopy();
            made.putObject("status").put("state", "PENDING").put("stateStartTime", "2020-10-07T20:16:21.759Z");
            made.put("driverControlFilesUri", "gs://dataproc-staging/google-cloud-dataproc-metainfo/5fe882b2/jobs/");
            made.put(
                    "driverOutputResourceUri",
                    output.resolve(id).resolve("driveroutput").toUri().toString());
            made.put("jobUuid", "ea4b8e4d");
            return made;
        });
        return Answer.json(job.toString());
    }

    private Answer create(String path, JsonNode body) {
        String id = path.replaceFirst(".*[?&]batchId=([^&]*).*", "$1");
        String name = "projects/my-project-1/regions/europe-west1/operations/op-" + id;
        if (!operationError.isEmpty()) {
            return Answer.json("{\"name\": \"%s\", \"done\": true, \"error\": {\"code\": 3, \"message\": \"%s\"}}"
                    .formatted(name, operationError));
        }
        batches.computeIfAbsent(id, absent -> {
            ObjectNode made = body.deepCopy();
            made.put("name", "projects/my-project-1/locations/europe-west1/batches/" + id);
            made.put("uuid", "3c1b0c1d").put("state", "PENDING").put("operation", name);
            made.putObject("runtimeInfo")
                    .put(
                            "outputUri",
                            output.resolve(id).resolve("driveroutput").toUri().toString());
            return made;
        });
        return Answer.json("{\"name\": \"%s\", \"metadata\": {\"batch\": \"%s\", \"operationType\": \"BATCH\"}}"
                .formatted(name, batch(id).path("name").asText()));
    }

    private Answer lost(Answer answer) {
        return answersGetLost
                ? error(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")
                : answer;
    }

    private static Answer error(int status, String name, String message) {
        return Answer.status(
                status,
                "{\"error\": {\"code\": %d, \"message\": \"%s\", \"status\": \"%s\"}}"
                        .formatted(status, message, name));
    }
}
