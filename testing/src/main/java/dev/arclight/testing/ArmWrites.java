package dev.arclight.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.arclight.testing.ArmStandIn.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The writing half of {@link ArmStandIn}: {@code Workspace/EnvironmentVersion}, {@code Job/CommandJob},
 * {@code Job/cancel}, {@code OnlineEndpoint} and {@code OnlineDeployment} as the published examples of version
 * 2024-10-01 have them (201 with the body and what the service adds; 202 for a cancel; 200 or 204 for a deletion), and
 * run history, which is not published, as Azure's Python client (azure-ai-ml 1.35.2) asks it. Refused as Azure does: a
 * job whose compute or environment is not there, a distribution that the version does not know.
 */
public final class ArmWrites {
    /** Takes Ray as a distribution too; the version of azure-ai-ml 1.35.2's own client. */
    static final String LATER = "2025-12-01";

    private static final Set<String> DISTRIBUTIONS = Set.of("Mpi", "PyTorch", "TensorFlow");

    private record Refusal(int status, String code, String message) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final ArmStandIn arm;
    private final Map<String, String> logs = new ConcurrentHashMap<>();
    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    ArmWrites(ArmStandIn arm) {
        this.arm = arm;
    }

    /** What was written to {@code path}: the whole body, with what was added. */
    public Optional<JsonNode> find(Workspace workspace, String path) {
        return Optional.ofNullable(arm.find(workspace.id() + "/" + path)).map(mapper::valueToTree);
    }

    /** Sets a job's {@code status}, such as {@code Completed}. */
    public void status(Workspace workspace, String job, String status) {
        change(workspace.id() + "/jobs/" + job, status);
    }

    /** What a job's first rank has logged. */
    public void log(String job, String text) {
        logs.put(job, text);
    }

    /** Why a job failed. */
    public void error(String job, String message) {
        errors.put(job, message);
    }

    /** Writes to {@code path} are refused. */
    public void refuse(Workspace workspace, String path, int status, String code, String message) {
        refusals.put(workspace.id() + "/" + path, new Refusal(status, code, message));
    }

    /** Answers what needs no token: where services are, and signed addresses of logs. */
    boolean open(HttpExchange exchange, String path, String query) throws IOException {
        if (path.equals("/discovery")) {
            arm.send(exchange, 200, Map.of("api", arm.endpoint().toString(), "history", "http://127.0.0.1:1"));
            return true;
        }
        if (!path.startsWith("/signed/")) {
            return false;
        }
        if (!query.contains("sig=")) {
            arm.error(exchange, 403, "AuthenticationFailed", "Signature did not match.");
            return true;
        }
        byte[] log = logs.getOrDefault(path.substring("/signed/".length()), "").getBytes(StandardCharsets.UTF_8);
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        byte[] part = from < log.length ? Arrays.copyOfRange(log, from, log.length) : new byte[0];
        exchange.sendResponseHeaders(part.length == 0 ? 416 : 206, part.length == 0 ? -1 : part.length);
        try (exchange) {
            exchange.getResponseBody().write(part);
        }
        return true;
    }

    /** Answers for the details of a run. */
    boolean history(HttpExchange exchange, String path) throws IOException {
        if (!path.startsWith("/history/v1.0/")) {
            return false;
        }
        String job = path.replaceAll(".*/runs/|/details$", "");
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("runId", job);
        details.put(
                "logFiles",
                logs.containsKey(job)
                        ? Map.of(
                                "user_logs/std_log_process_1.txt",
                                arm.endpoint() + "/signed/other",
                                "user_logs/std_log_process_0.txt",
                                arm.endpoint() + "/signed/" + job + "?sig=s3cret",
                                "system_logs/lifecycler/execution-wrapper.log",
                                arm.endpoint() + "/signed/other")
                        : Map.of());
        if (errors.containsKey(job)) {
            details.put("error", Map.of("error", Map.of("code", "UserError", "message", errors.get(job))));
        }
        arm.send(exchange, 200, details);
        return true;
    }

    /** Answers for the workspace, for PUT, DELETE and a cancel. */
    boolean write(HttpExchange exchange, String path, String query) throws IOException {
        Refusal refusal = refusals.get(path);
        String method = exchange.getRequestMethod();
        if (path.matches("(?i).*/workspaces/[^/]+")) {
            arm.send(
                    exchange,
                    200,
                    Map.of(
                            "name",
                            path.replaceAll(".*/", ""),
                            "location",
                            "westeurope",
                            "properties",
                            Map.of("discoveryUrl", arm.endpoint() + "/discovery")));
        } else if (method.equals("GET")) {
            return false;
        } else if (refusal != null) {
            arm.error(exchange, refusal.status(), refusal.code(), refusal.message());
        } else if (method.equals("PUT")) {
            put(exchange, path, query);
        } else if (method.equals("DELETE")) {
            boolean was = arm.remove(path);
            exchange.sendResponseHeaders(was ? 200 : 204, -1);
            exchange.close();
        } else if (method.equals("POST") && path.endsWith("/cancel")) {
            String job = path.substring(0, path.length() - "/cancel".length());
            if (arm.find(job) == null) {
                arm.error(exchange, 404, "UserError", "Not found: " + job);
            } else {
                change(job, "Canceled");
                exchange.getResponseHeaders().add("Location", arm.endpoint() + job);
                exchange.sendResponseHeaders(202, -1);
                exchange.close();
            }
        } else {
            return false;
        }
        return true;
    }

    private void put(HttpExchange exchange, String path, String query) throws IOException {
        ObjectNode body = (ObjectNode) mapper.readTree(exchange.getRequestBody().readAllBytes());
        ObjectNode properties = (ObjectNode) body.path("properties");
        if (path.contains("/jobs/")) {
            String wrong = wrongIn(properties, query.contains(LATER));
            if (!wrong.isEmpty()) {
                arm.error(exchange, 400, "ValidationError", wrong);
                return;
            }
            properties.put("status", "NotStarted");
        } else if (path.contains("/onlineEndpoints/")) {
            properties.put("provisioningState", "Succeeded");
            if (!path.contains("/deployments/")) {
                properties.put("scoringUri", "https://example.invalid/score");
            }
        }
        body.put("id", path).put("name", path.replaceAll(".*/", ""));
        boolean known = arm.find(path) != null;
        arm.keep(path, mapper.convertValue(body, new com.fasterxml.jackson.core.type.TypeReference<>() {}));
        arm.send(exchange, known ? 200 : 201, body);
    }

    private String wrongIn(JsonNode job, boolean later) {
        for (String needed : new String[] {"computeId", "environmentId"}) {
            String id = job.path(needed).asText();
            if (job.path("jobType").asText().equals("Command") && arm.find(id) == null) {
                return "%s '%s' was not found.".formatted(needed, id);
            }
        }
        String distribution = job.path("distribution").path("distributionType").asText("Mpi");
        if (!DISTRIBUTIONS.contains(distribution) && !(later && distribution.equals("Ray"))) {
            return "Unknown distributionType '%s'.".formatted(distribution);
        }
        return "";
    }

    private void change(String job, String status) {
        ObjectNode body = mapper.valueToTree(arm.find(job));
        ((ObjectNode) body.path("properties")).put("status", status);
        arm.keep(job, mapper.convertValue(body, new com.fasterxml.jackson.core.type.TypeReference<>() {}));
    }
}
