package dev.arclight.track.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.track.Tracking;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts in parts: in any order, repeated, over a restart, and by nobody else. */
final class MultipartUploadTest {
    private static final String WRITER = "writer-0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Tracking tracking;
    private WebServer server;

    @BeforeEach
    void start() {
        tracking = Tracking.open(folder.toString());
        server = TrackingServer.addTo(WebServer.builder().token(Token.of("writer", Role.WRITE, WRITER)), tracking)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
        tracking.close();
    }

    private HttpResponse<String> post(String what, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.uri().resolve("/api/2.0/mlflow-artifacts/mpu/" + what))
                        .header("Authorization", "Bearer " + WRITER)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private int put(JsonNode credential, byte[] content, String secret) throws IOException, InterruptedException {
        String path = URI.create(credential.path("url").asText()).getPath();
        return client.send(
                        HttpRequest.newBuilder(server.uri().resolve(path))
                                .header("X-Arclight-Upload", secret)
                                .PUT(BodyPublishers.ofByteArray(content))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void partsInAnyOrderBecomeOneFileAlsoOverARestart() throws Exception {
        Random random = new Random(3);
        byte[][] parts = {new byte[70_000], new byte[70_000], new byte[12]};
        for (byte[] part : parts) {
            random.nextBytes(part);
        }
        JsonNode upload = JSON.readTree(post("create/0/files", "{\"path\": \"/client/a.bin\", \"num_parts\": 3}")
                .body());
        String secret = upload.path("credentials")
                .path(0)
                .path("headers")
                .path("X-Arclight-Upload")
                .asText();
        assertThat(put(upload.path("credentials").path(2), parts[2], secret)).isEqualTo(200);
        assertThat(put(upload.path("credentials").path(0), new byte[5], secret)).isEqualTo(200);
        stop();
        start();
        String done = "{\"path\": \"/client/a.bin\", \"upload_id\": \"%s\", \"parts\": []}"
                .formatted(upload.path("upload_id").asText());
        assertThat(post("complete/0/files", done).body()).contains("Part 2 of 3 has not arrived");
        assertThat(tracking.artifacts().list("mlflow-artifacts:/", "")).isEmpty();
        assertThat(put(upload.path("credentials").path(0), parts[0], secret)).isEqualTo(200);
        assertThat(put(upload.path("credentials").path(1), parts[1], secret)).isEqualTo(200);
        assertThat(post("complete/0/elsewhere", done).statusCode()).isEqualTo(400);
        assertThat(post("complete/0/files", done).statusCode()).isEqualTo(200);
        byte[] whole =
                tracking.artifacts().open("mlflow-artifacts:/0", "files/a.bin").readAllBytes();
        assertThat(whole).hasSize(140_012).startsWith(parts[0]).endsWith(parts[2]);
        assertThat(post("complete/0/files", done).statusCode()).isEqualTo(404);
    }

    @Test
    void nobodyElseAddsAPartAndNothingLeavesTheStore() throws Exception {
        JsonNode upload = JSON.readTree(
                post("create/0", "{\"path\": \"a.bin\", \"num_parts\": 1}").body());
        JsonNode credential = upload.path("credentials").path(0);
        assertThat(put(credential, new byte[1], "wrong")).isEqualTo(403);
        assertThat(post("create/..%2F..%2Fx", "{\"path\": \"a\"}").statusCode()).isBetween(400, 404);
        assertThat(post("create/0", "{\"path\": \"..\"}").statusCode()).isEqualTo(400);
        assertThat(post("create/0", "{\"path\": \"a\", \"num_parts\": 0}").statusCode())
                .isEqualTo(400);
        assertThat(post("abort/0", "{\"path\": \"a\", \"upload_id\": \"../../x\"}")
                        .statusCode())
                .isEqualTo(404);
        String id = upload.path("upload_id").asText();
        assertThat(post("abort/0", "{\"path\": \"a.bin\", \"upload_id\": \"%s\"}".formatted(id))
                        .statusCode())
                .isEqualTo(200);
        assertThat(put(
                        credential,
                        new byte[1],
                        credential.path("headers").path("X-Arclight-Upload").asText()))
                .isEqualTo(404);
    }
}
