package dev.arclight.track.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, and what cannot be reached. */
final class TrackingServerTest {
    private static final String READER = "reader-0123456789";
    private static final String WRITER = "writer-0123456789";
    private static final String ADMIN = "admin-01234567890";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Tracking tracking;
    private WebServer server;

    @BeforeEach
    void start() {
        tracking = Tracking.open(folder.resolve("store").toString());
        server = TrackingServer.addTo(
                        WebServer.builder()
                                .token(Token.of("reader", Role.READ, READER))
                                .token(Token.of("writer", Role.WRITE, WRITER))
                                .token(Token.of("admin", Role.ADMIN, ADMIN)),
                        tracking)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
        tracking.close();
    }

    @Test
    void withoutATokenOnlyHealthAnswers() throws Exception {
        assertThat(send("GET", "/health", "", "")).isEqualTo(200);
        for (String path : new String[] {
            "/api/2.0/mlflow/experiments/search",
            "/ajax-api/2.0/mlflow/experiments/search",
            "/api/2.0/mlflow-artifacts/artifacts",
            "/get-artifact?run_id=x&path=y",
            "/metrics"
        }) {
            assertThat(send("GET", path, "", "")).as(path).isEqualTo(401);
            assertThat(send("GET", path, "wrong-0123456789", "")).as(path).isEqualTo(401);
        }
    }

    @Test
    void readingWritingAndMovingAliasesAreThreeRights() throws Exception {
        String search = "/api/2.0/mlflow/runs/search";
        String create = "/api/2.0/mlflow/registered-models/create";
        String alias = "/api/2.0/mlflow/registered-models/alias";
        assertThat(send("POST", search, READER, "{}")).isEqualTo(200);
        assertThat(send("POST", create, READER, "{\"name\": \"m\"}")).isEqualTo(403);
        assertThat(send("POST", create, WRITER, "{\"name\": \"m\"}")).isEqualTo(200);
        assertThat(send(
                        "POST",
                        "/api/2.0/mlflow/model-versions/create",
                        WRITER,
                        "{\"name\": \"m\", \"source\": \"runs:/x/model\"}"))
                .isEqualTo(200);
        String body = "{\"name\": \"m\", \"alias\": \"champion\", \"version\": \"1\"}";
        assertThat(send("POST", alias, WRITER, body)).isEqualTo(403);
        assertThat(send("POST", alias, ADMIN, body)).isEqualTo(200);
        assertThat(tracking.registry().history("m", "champion").get(0).who()).isEqualTo("admin");
    }

    @Test
    void artifactPathsCannotLeaveTheStore() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
        String run = tracking.runs().create(RunStart.in("0")).id();
        for (String path : new String[] {
            "/api/2.0/mlflow-artifacts/artifacts/..%2F..%2Fsecret.txt",
            "/api/2.0/mlflow-artifacts/artifacts/a/..%2F..%2F..%2Fsecret.txt",
            "/api/2.0/mlflow-artifacts/artifacts/..%5Csecret.txt",
            "/get-artifact?run_id=" + run + "&path=../../../../../secret.txt"
        }) {
            assertThat(send("GET", path, ADMIN, "")).as(path).isBetween(400, 404);
        }
        assertThat(send("PUT", "/api/2.0/mlflow-artifacts/artifacts/..%2F..%2Fsecret.txt", ADMIN, "gone"))
                .isBetween(400, 404);
        assertThat(send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/..%2F..%2Fsecret.txt", ADMIN, ""))
                .isBetween(400, 404);
        assertThat(send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/", ADMIN, ""))
                .isBetween(400, 405);
        assertThat(secret).hasContent("secret");
    }

    @Test
    void storedPagesAreDownloadsThatABrowserDoesNotRun() throws Exception {
        String run = tracking.runs().create(RunStart.in("0")).id();
        String root = tracking.runs().load(run).artifactUri();
        tracking.artifacts()
                .write(root, "page.html", out -> out.write("<script>1</script>".getBytes(StandardCharsets.UTF_8)));
        HttpResponse<String> response = exchange("GET", "/get-artifact?run_id=" + run + "&path=page.html", ADMIN, "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("<script>1</script>");
        Map<String, String> expected = Map.of(
                "content-type", "application/octet-stream",
                "content-disposition", "attachment",
                "x-content-type-options", "nosniff");
        expected.forEach(
                (name, value) -> assertThat(response.headers().firstValue(name)).contains(value));
    }

    @Test
    void anArtifactOfManyMegabytesIsStreamedBothWays() throws Exception {
        byte[] content = new byte[40 << 20];
        new java.util.Random(1).nextBytes(content);
        URI uri = server.uri().resolve("/api/2.0/mlflow-artifacts/artifacts/0/big.bin");
        HttpRequest put = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + WRITER)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        assertThat(client.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        HttpRequest get = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + READER)
                .build();
        assertThat(client.send(get, HttpResponse.BodyHandlers.ofByteArray()).body())
                .isEqualTo(content);
    }

    private int send(String method, String path, String token, String body) throws IOException, InterruptedException {
        return exchange(method, path, token, body).statusCode();
    }

    private HttpResponse<String> exchange(String method, String path, String token, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
