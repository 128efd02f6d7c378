package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.WebServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServedModelTest {
    @TempDir
    private Path folder;

    /** A body of Parquet or Arrow may be a thousand rows a byte, and the thread that reads requests is everybody's. */
    @Test
    void onlyTextIsQuickByItsSize() throws Exception {
        ServedModel model = new ServedModel(SampleModels.bits(folder.resolve("model"), 0), "");
        model.warmUp();
        try (WebServer server = WebServer.builder()
                .route(Route.of("POST", "/", Role.READ, request -> Reply.text(String.valueOf(model.isQuick(request)))))
                .start()) {
            assertThat(ask(server, "application/json; charset=utf-8")).isEqualTo("true");
            assertThat(ask(server, "text/csv")).isEqualTo("true");
            assertThat(ask(server, "application/vnd.apache.parquet")).isEqualTo("false");
            assertThat(ask(server, "application/vnd.apache.arrow.stream")).isEqualTo("false");
            assertThat(ask(server, "application/vnd.apache.arrow.file")).isEqualTo("false");
        }
    }

    private static String ask(WebServer server, String type) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri())
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1]))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
