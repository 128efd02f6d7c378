package dev.arclight.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import dev.arclight.testing.StandIn.Seen;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for a Databricks workspace. Answers in the fields of the examples in Databricks' REST reference: Jobs 2.2
 * ({@code runs/submit}: {@code run_id}; {@code runs/get}: {@code state.life_cycle_state}, {@code result_state},
 * {@code tasks}; {@code runs/get-output}: {@code logs}, {@code error_trace}; {@code runs/list}:
 * {@code next_page_token}), Clusters 2.1, DBFS 2.0 ({@code create}, {@code add-block}, {@code close} with handles;
 * {@code read} in base64) and Files 2.0 (directories page by page). Refuses who shows no token; one idempotency token
 * is one run.
 */
public final class WorkspaceStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "dapi1";

    private final StandIn server = new StandIn(this::answer);
    /** Path to content; a folder has none. */
    private final NavigableMap<String, byte[]> files = new ConcurrentSkipListMap<>();

    private final Map<Long, String> handles = new ConcurrentHashMap<>();
    private final Map<Long, ObjectNode> runs = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong(455644832);
    private final Queue<Integer> troubles = new ConcurrentLinkedQueue<>();
    private volatile boolean answersGetLost;
    private volatile String output = "{}";
    private volatile String forbidden = "";

    public URI uri() {
        return server.uri();
    }

    public List<Seen> seen() {
        return server.seen();
    }

    /** As a process that may sign in has it. */
    public Map<String, String> environment() {
        return Map.of("DATABRICKS_HOST", uri().toString(), "DATABRICKS_TOKEN", TOKEN);
    }

    public NavigableMap<String, byte[]> files() {
        return files;
    }

    public Map<Long, ObjectNode> runs() {
        return runs;
    }

    /** The next requests are answered so. */
    public void trouble(Integer... statuses) {
        troubles.addAll(List.of(statuses));
    }

    /** Runs are submitted, but the client never hears of it. */
    public void loseAnswers() {
        answersGetLost = true;
    }

    /** This call is refused from now on. */
    public void forbid(String path) {
        forbidden = path;
    }

    public void output(String json) {
        output = json;
    }

    /** A run as it stands. */
    public ObjectNode run(long run) {
        return Objects.requireNonNull(runs.get(run));
    }

    private byte[] content(String path) {
        return files.getOrDefault(path, new byte[0]);
    }

    /** Changes a run's state. */
    public void state(long run, String life, String result, String message) {
        ObjectNode state = run(run).putObject("state");
        state.put("life_cycle_state", life).put("state_message", message);
        if (!result.isEmpty()) {
            state.put("result_state", result);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private Answer answer(Seen request) {
        if (!request.header("Authorization").equals("Bearer " + TOKEN)) {
            return Answer.status(401, "{\"error_code\": \"UNAUTHENTICATED\", \"message\": \"Invalid access token.\"}");
        }
        Integer trouble = troubles.poll();
        if (trouble != null) {
            return error(trouble, trouble == 403 ? "PERMISSION_DENIED" : "TEMPORARILY_UNAVAILABLE", "Not now");
        }
        int question = request.path().indexOf('?');
        String path = URLDecoder.decode(
                question < 0 ? request.path() : request.path().substring(0, question), StandardCharsets.UTF_8);
        Map<String, String> query = new HashMap<>();
        if (question >= 0) {
            for (String pair : request.path().substring(question + 1).split("&", -1)) {
                query.put(
                        pair.substring(0, pair.indexOf('=')),
                        URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
            }
        }
        if (path.equals(forbidden)) {
            return error(403, "PERMISSION_DENIED", "User does not have the permission");
        }
        try {
            if (path.startsWith("/api/2.0/fs/files")) {
                return volumeFile(request, path.substring("/api/2.0/fs/files".length()));
            }
            if (path.startsWith("/api/2.0/fs/directories")) {
                return volumeFolder(request, path.substring("/api/2.0/fs/directories".length()), query);
            }
            JsonNode body = request.text().isEmpty() ? JSON.createObjectNode() : JSON.readTree(request.text());
            if (path.startsWith("/api/2.0/dbfs/")) {
                return dbfs(path.substring("/api/2.0/dbfs/".length()), query, body);
            }
            return jobs(path, query, body);
        } catch (JsonProcessingException e) {
            return error(400, "MALFORMED_REQUEST", "Invalid JSON given in the body of the request");
        }
    }

    private Answer volumeFile(Seen request, String path) {
        byte[] content = content(path);
        boolean isFile = files.containsKey(path) && !isFolder(path);
        return switch (request.method()) {
            case "PUT" -> {
                files.put(path, request.body());
                yield Answer.status(204, "");
            }
            case "DELETE" -> {
                if (!isFile) {
                    yield error(404, "NOT_FOUND", "The file being accessed is not found.");
                }
                files.remove(path);
                yield Answer.status(204, "");
            }
            default -> {
                if (!isFile) {
                    yield error(404, "NOT_FOUND", "The file being accessed is not found.");
                }
                String range = request.header("Range");
                if (request.method().equals("HEAD")) {
                    yield new Answer(200, content, Map.of("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT"));
                }
                if (range.isEmpty()) {
                    yield new Answer(200, content, Map.of());
                }
                String[] ends = range.replaceAll("[^\\d-]", "").split("-", -1);
                int from = Integer.parseInt(ends[0]);
                int to = Math.min(content.length, Integer.parseInt(ends[1]) + 1);
                yield from >= content.length
                        ? Answer.status(416, "")
                        : new Answer(206, Arrays.copyOfRange(content, from, to), Map.of());
            }
        };
    }

    private Answer volumeFolder(Seen request, String path, Map<String, String> query) {
        switch (request.method()) {
            case "PUT" -> {
                makeFolders(path);
                return Answer.status(204, "");
            }
            case "DELETE" -> {
                if (!children(path).isEmpty()) {
                    return error(400, "DIRECTORY_NOT_EMPTY", "The directory is not empty.");
                }
                files.remove(path + "/");
                return Answer.status(204, "");
            }
            default -> {
                if (!isFolder(path)) {
                    return error(404, "NOT_FOUND", "The directory being accessed is not found.");
                }
            }
        }
        if (request.method().equals("HEAD")) {
            return Answer.status(200, "");
        }
        List<String> all = children(path);
        int from = Integer.parseInt(query.getOrDefault("page_token", "0"));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode contents = answer.putArray("contents");
        for (String one : all.subList(from, Math.min(all.size(), from + 2))) {
            contents.addObject()
                    .put("path", one)
                    .put("is_directory", one.endsWith("/"))
                    .put("file_size", one.endsWith("/") ? 0 : content(one).length)
                    .put("last_modified", 1571400000000L);
        }
        if (from + 2 < all.size()) {
            answer.put("next_page_token", String.valueOf(from + 2));
        }
        return Answer.json(answer.toString());
    }

    private Answer dbfs(String call, Map<String, String> query, JsonNode body) {
        String path = query.getOrDefault("path", body.path("path").asText(""));
        ObjectNode answer = JSON.createObjectNode();
        switch (call) {
            case "get-status" -> {
                if (!isFolder(path) && !files.containsKey(path)) {
                    return error(404, "RESOURCE_DOES_NOT_EXIST", "No file or directory exists on path " + path + ".");
                }
                status(answer, path);
            }
            case "list" -> {
                ArrayNode all = answer.putArray("files");
                children(path).forEach(one -> status(all.addObject(), one.replaceAll("/$", "")));
            }
            case "mkdirs" -> makeFolders(path);
            case "create" -> {
                long handle = numbers.incrementAndGet() + (1L << 53);
                handles.put(handle, path);
                makeFolders(path.substring(0, path.lastIndexOf('/')));
                files.put(path, new byte[0]);
                answer.put("handle", handle);
            }
            case "add-block" -> {
                String file = handles.get(body.path("handle").asLong());
                byte[] block = Base64.getDecoder().decode(body.path("data").asText());
                if (file == null || block.length > 1 << 20) {
                    return error(400, file == null ? "RESOURCE_DOES_NOT_EXIST" : "MAX_BLOCK_SIZE_EXCEEDED", "No");
                }
                byte[] before = content(file);
                byte[] after = Arrays.copyOf(before, before.length + block.length);
                System.arraycopy(block, 0, after, before.length, block.length);
                files.put(file, after);
            }
            case "close" -> handles.remove(body.path("handle").asLong());
            case "read" -> {
                byte[] content = content(path);
                int from = Math.min(content.length, Integer.parseInt(query.getOrDefault("offset", "")));
                int to = Math.min(content.length, from + Integer.parseInt(query.getOrDefault("length", "")));
                answer.put("bytes_read", to - from)
                        .put("data", Base64.getEncoder().encodeToString(Arrays.copyOfRange(content, from, to)));
            }
            case "delete" -> {
                files.remove(path);
                files.remove(path + "/");
            }
            default -> {
                return error(404, "ENDPOINT_NOT_FOUND", call);
            }
        }
        return Answer.json(answer.toString());
    }

    private void status(ObjectNode answer, String path) {
        answer.put("path", path)
                .put("is_dir", isFolder(path))
                .put("file_size", isFolder(path) ? 0 : content(path).length)
                .put("modification_time", 1571400000000L);
    }

    private boolean isFolder(String path) {
        return files.containsKey(path + "/")
                || path.split("/", -1).length <= 2
                || path.equals("/Volumes/main/default/raw");
    }

    private void makeFolders(String path) {
        for (String folder = path; folder.lastIndexOf('/') > 0; folder = folder.substring(0, folder.lastIndexOf('/'))) {
            files.put(folder + "/", new byte[0]);
        }
    }

    private List<String> children(String folder) {
        return files.tailMap(folder + "/", false).keySet().stream()
                .filter(one -> one.startsWith(folder + "/"))
                .filter(one -> one.substring(folder.length() + 1).matches("[^/]+/?"))
                .toList();
    }

    private Answer jobs(String path, Map<String, String> query, JsonNode body) {
        String asked = query.getOrDefault("run_id", body.path("run_id").asText("0"));
        ObjectNode run = runs.get(Long.parseLong(asked.replaceFirst("^9", "")));
        switch (path) {
            case "/api/2.2/jobs/runs/submit" -> {
                long id = submit(body);
                return answersGetLost
                        ? error(504, "DEADLINE_EXCEEDED", "The request timed out")
                        : Answer.json("{\"run_id\": %d}".formatted(id));
            }
            case "/api/2.2/jobs/runs/list" -> {
                String token = query.getOrDefault("page_token", "");
                ObjectNode answer = JSON.createObjectNode();
                ArrayNode all = answer.putArray("runs");
                if (token.isEmpty()) { // what others run stands on the first page
                    all.addObject().put("run_id", 1).put("run_name", "nightly");
                    answer.put("next_page_token", "CAEomPSriYcxMPWM_IiIxvEB");
                } else {
                    runs.values().forEach(all::add);
                }
                return Answer.json(answer.toString());
            }
            case "/api/2.2/jobs/runs/get" -> {
                return run == null ? unknownRun(query) : Answer.json(run.toString());
            }
            case "/api/2.2/jobs/runs/get-output" -> {
                return run == null ? unknownRun(query) : Answer.json(output);
            }
            case "/api/2.2/jobs/runs/cancel" -> {
                state(Long.parseLong(asked), "TERMINATING", "", "");
                return Answer.json("{}");
            }
            case "/api/2.1/clusters/get" -> {
                return "1234-567890-reef123".equals(query.get("cluster_id"))
                        ? Answer.json("{\"cluster_id\": \"1234-567890-reef123\", \"state\": \"TERMINATED\"}")
                        : error(
                                400,
                                "INVALID_PARAMETER_VALUE",
                                "Cluster %s does not exist".formatted(query.get("cluster_id")));
            }
            case "/api/2.1/clusters/list" -> {
                return Answer.json(
                        query.containsKey("page_token")
                                ? "{\"clusters\": [{\"cluster_id\": \"9\", \"cluster_name\": \"late\"}]}"
                                : "{\"clusters\": [{\"cluster_id\": \"1234-567890-reef123\", \"cluster_name\": \"shared\"}],"
                                        + " \"next_page_token\": \"p2\"}");
            }
            default -> {
                return error(404, "ENDPOINT_NOT_FOUND", "No API found for " + path);
            }
        }
    }

    private static Answer unknownRun(Map<String, String> query) {
        return error(400, "INVALID_PARAMETER_VALUE", "Run %s does not exist.".formatted(query.get("run_id")));
    }

    private long submit(JsonNode body) {
        for (Map.Entry<Long, ObjectNode> run : runs.entrySet()) {
            if (run.getValue().path("idempotency_token").equals(body.path("idempotency_token"))) {
                return run.getKey();
            }
        }
        long id = numbers.incrementAndGet();
        ObjectNode run = body.deepCopy();
        run.put("run_id", id).put("run_page_url", "https://my-workspace.cloud.databricks.com/#job/11223344/run/123");
        // A task's run has a number of its own.
        ((ObjectNode) run.path("tasks").path(0)).put("run_id", Long.parseLong("9" + id));
        runs.put(id, run);
        state(id, "PENDING", "", "");
        return id;
    }

    private static Answer error(int status, String code, String message) {
        return Answer.status(status, "{\"error_code\": \"%s\", \"message\": \"%s\"}".formatted(code, message));
    }
}
