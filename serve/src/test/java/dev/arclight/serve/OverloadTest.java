package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More callers than the machine can compute for. */
@Timeout(120)
final class OverloadTest {
    @TempDir
    Path folder;

    @Test
    void someAreAnsweredTheRestGets429AtOnceAndThenAllIsNormalAgain() throws Exception {
        StringBuilder body =
                new StringBuilder("{\"dataframe_split\": {\"columns\": [\"a\",\"b\",\"c\"], \"data\": [[1,2,3]");
        body.append(",[0.1,-0.2,0.3]".repeat(2999)).append("]}}");
        try (ScoringServer server = ScoringServer.builder()
                .model("slow", SampleModels.forest(folder.resolve("slow"), 2000, 5))
                .start()) {
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/invocations"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                    .build();
            HttpResponse<String> alone = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(alone.statusCode()).isEqualTo(200);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            int answered = 0;
            int refused = 0;
            for (CompletableFuture<HttpResponse<String>> each : answers) {
                HttpResponse<String> response = each.get(60, TimeUnit.SECONDS);
                if (response.statusCode() == 200) {
                    assertThat(response.body()).isEqualTo(alone.body());
                    answered++;
                } else {
                    assertThat(response.statusCode()).isEqualTo(429);
                    assertThat(response.headers().firstValue("Retry-After")).contains("1");
                    refused++;
                }
            }
            assertThat(answered).isGreaterThan(2);
            assertThat(refused).isGreaterThan(2);
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo(alone.body());
        }
    }
}
