package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Stands in for a Synapse workspace's Spark pool {@code big}: answers in the fields of the published examples "Create
 * new spark batch job" and "Gets a single spark batch job" (REST reference, Synapse data plane, Spark Batch), and
 * refuses without a token and for other pools.
 */
final class SynapseStandIn implements AutoCloseable {
    private static final String BATCHES = "/livyApi/versions/2020-12-01/sparkPools/big/batches";

    private final JsonMapper mapper = new JsonMapper();
    private final HttpServer server;
    private final String token;
    private final Map<String, ObjectNode> batches = new ConcurrentSkipListMap<>();
    private final List<JsonNode> asked = new ArrayList<>();
    private volatile int trouble;

    SynapseStandIn(String token) throws IOException {
        this.token = token;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Bodies of the batches asked for. */
    List<JsonNode> asked() {
        return List.copyOf(asked);
    }

    /** The next request gets this status. */
    void trouble(int status) {
        trouble = status;
    }

    void change(String id, String state, String result) {
        batch(id).put("state", state).put("result", result);
    }

    ObjectNode batch(String id) {
        return Objects.requireNonNull(batches.get(id));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        JsonNode body = mapper.readTree(exchange.getRequestBody().readAllBytes());
        if (trouble != 0) {
            int status = trouble;
            trouble = 0;
            send(exchange, status, mapper.createObjectNode().put("code", "Busy").put("message", "Not now."));
        } else if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(
                    exchange,
                    401,
                    mapper.createObjectNode()
                            .put("code", "AuthenticationFailed")
                            .put("message", "No."));
        } else if (path.equals(BATCHES) && method.equals("POST")) {
            asked.add(body);
            String id = String.valueOf(asked.size());
            batches.put(id, example(id, body.path("name").asText()));
            send(exchange, 200, batch(id));
        } else if (path.startsWith(BATCHES + "/") && batches.containsKey(path.substring(BATCHES.length() + 1))) {
            String id = path.substring(BATCHES.length() + 1);
            if (method.equals("DELETE")) {
                change(id, "killed", "Cancelled");
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            } else {
                send(exchange, 200, batch(id));
            }
        } else {
            send(
                    exchange,
                    404,
                    mapper.createObjectNode().put("code", "NotFound").put("message", path));
        }
    }

    private ObjectNode example(String id, String name) {
        ObjectNode batch = mapper.createObjectNode();
        batch.putNull("livyInfo");
        batch.put("name", name)
                .put("workspaceName", "myWorkspace")
                .put("sparkPoolName", "big")
                .put("submitterName", "me")
                .put("jobType", "SparkBatch")
                .put("result", "Uncertain");
        batch.putArray("errorInfo");
        batch.put("id", Integer.parseInt(id)).putNull("appId");
        batch.put("state", "not_started").putArray("log");
        return batch;
    }

    private void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = mapper.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
