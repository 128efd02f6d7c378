package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.Await;
import dev.arclight.testing.OnnxModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code arclight install onnx}, and the server that is then started as released. */
@Tag("full")
@Timeout(300)
final class OnnxAddOnIT {
    @TempDir
    Path folder;

    /** Catches a library of the add-on's that the server does not find, and a refusal that does not say what to do. */
    @Test
    void aGraphIsServedOnceTheAddOnIsInstalled() throws Exception {
        Path model = OnnxModels.folder().resolve("binary");
        Process without = start("serve", model.toString(), "--port", "0");
        assertThat(without.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(without.exitValue()).isEqualTo(1);
        assertThat(log())
                .contains("is an ONNX graph")
                .contains("run 'arclight install onnx'")
                .doesNotContain("\tat ");

        Process install = start("install", "onnx");
        assertThat(install.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).contains("Installed onnx in");
        assertThat(install.exitValue()).isZero();

        Process server = start("serve", model.toString(), "--port", "0");
        try {
            Await.until("the server says where it listens", Duration.ofSeconds(60), () -> {
                assertThat(server.isAlive()).as(log()).isTrue();
                return log().contains(" at http");
            });
            String uri = log().replaceAll("(?s).* at (http://[0-9.:]+).*", "$1");
            JsonNode made = new JsonMapper()
                    .readTree(model.resolveSibling("models.json").toFile())
                    .get(1);
            assertThat(made.get("name").asText()).isEqualTo("binary");
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(uri + "/invocations"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            made.get("body").asText()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode seen = new JsonMapper().readTree(response.body()).get("predictions");
            JsonNode expected =
                    new JsonMapper().readTree(made.get("answer").asText()).get("predictions");
            assertThat(seen).hasSize(3);
            for (int row = 0; row < 3; row++) {
                assertThat(seen.get(row).get("output_label"))
                        .isEqualTo(expected.get(row).get("output_label"));
                for (String label : List.of("0", "1")) {
                    assertThat(seen.get(row)
                                    .get("output_probability")
                                    .get(label)
                                    .asDouble())
                            .isCloseTo(
                                    expected.get(row)
                                            .get("output_probability")
                                            .get(label)
                                            .asDouble(),
                                    org.assertj.core.data.Offset.offset(2e-6));
                }
            }
        } finally {
            server.destroy();
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    private Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Launcher.path().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("XDG_DATA_HOME", folder.resolve("data").toString());
        return builder.start();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
