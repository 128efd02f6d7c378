package dev.arclight.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A server with some routes, and a client: what tests of servers share. */
abstract class EchoServerFixture {
    static final String SECRET = "0123456789abcdef-read";
    static final String ADMIN = "0123456789abcdef-admin";

    final HttpClient client = HttpClient.newHttpClient();
    private final List<WebServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.close(Duration.ZERO));
    }

    WebServer start(WebServer.Builder builder) {
        WebServer server = builder.start();
        servers.add(server);
        return server;
    }

    static WebServer.Builder echo() {
        return WebServer.builder()
                .route(Route.of("POST", "/echo", Role.READ, r -> Reply.bytes("application/octet-stream", r.bytes())))
                .route(Route.of("POST", "/quick", Role.READ, r -> Reply.bytes("application/octet-stream", r.bytes()))
                        .quick())
                .route(Route.of(
                        "GET",
                        "/models/{name}/versions/{version}",
                        Role.READ,
                        r -> Reply.text(r.parameter("name") + "|" + r.parameter("version") + "|" + r.queries("q"))))
                .route(Route.of("GET", "/files/{path...}", Role.READ, r -> Reply.text(r.parameter("path"))))
                .route(Route.of("DELETE", "/everything", Role.ADMIN, r -> Reply.text("gone, " + r.caller())))
                .route(Route.of("GET", "/health", Role.ANYONE, r -> Reply.text("ok")));
    }

    HttpResponse<String> send(WebServer server, String method, String path, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.uri() + path)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(WebServer server, String path, String... headers)
            throws IOException, InterruptedException {
        return send(server, "GET", path, BodyPublishers.noBody(), headers);
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return new JsonMapper().readTree(response.body());
    }
}
