package dev.arclight.engine.sparkhome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/** As much of the Kubernetes API as a submission needs: objects are kept, listed and deleted; nothing runs. */
final class KubernetesApi implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();

    private KubernetesApi(HttpServer server) {
        this.server = server;
    }

    static KubernetesApi start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        KubernetesApi api = new KubernetesApi(server);
        server.createContext("/", api::answer);
        server.start();
        return api;
    }

    String master() {
        return "k8s://http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The pod, as it was asked for. */
    Optional<JsonNode> pod(String namespace, String name) {
        return Optional.ofNullable(objects.get("/api/v1/namespaces/%s/pods/%s".formatted(namespace, name)));
    }

    void phase(String namespace, String name, String phase) {
        Objects.requireNonNull(objects.get("/api/v1/namespaces/%s/pods/%s".formatted(namespace, name)))
                .withObject("/status")
                .put("phase", phase);
    }

    /** All objects of a kind, such as {@code configmaps}, as one text. */
    String all(String kind) {
        StringBuilder text = new StringBuilder();
        objects.forEach((path, object) -> text.append(path.contains("/" + kind + "/") ? object : ""));
        return text.toString();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    ObjectNode object = (ObjectNode) JSON.readTree(body);
                    String name = object.path("metadata").path("name").asText();
                    reply(exchange, 201, keep(path + "/" + name, object));
                }
                case "PUT", "PATCH" -> reply(exchange, 200, keep(path, (ObjectNode) JSON.readTree(body)));
                case "DELETE" -> {
                    objects.keySet().removeIf(key -> key.equals(path) || key.startsWith(path + "/"));
                    reply(exchange, 200, status(200, "Success"));
                }
                default -> get(exchange, path);
            }
        }
    }

    private ObjectNode keep(String path, ObjectNode object) {
        object.withObject("/metadata")
                .put("uid", UUID.randomUUID().toString())
                .put("resourceVersion", "1")
                .put("creationTimestamp", "2026-01-01T00:00:00Z");
        if (path.contains("/pods/")) {
            object.withObject("/status").put("phase", "Pending");
        }
        objects.put(path, object);
        return object;
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        ObjectNode object = objects.get(path);
        if (object != null) {
            reply(exchange, 200, object);
            return;
        }
        String kind = path.substring(path.lastIndexOf('/') + 1);
        if (!kind.equals("pods")) {
            reply(exchange, 404, status(404, "Failure"));
            return;
        }
        ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "PodList");
        list.putObject("metadata").put("resourceVersion", "1");
        ArrayNode items = list.putArray("items");
        objects.forEach((key, pod) -> {
            if (key.startsWith(path + "/")) {
                items.add(pod);
            }
        });
        reply(exchange, 200, list);
    }

    private static ObjectNode status(int code, String status) {
        return JSON.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", status)
                .put("code", code);
    }

    private static void reply(HttpExchange exchange, int code, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
