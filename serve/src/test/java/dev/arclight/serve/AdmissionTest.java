package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.WebServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One place, one more that may wait. */
@Timeout(60)
final class AdmissionTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);

    private CompletableFuture<HttpResponse<String>> send(WebServer server, String path, String millis) {
        return client.sendAsync(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .header("X-Request-Timeout-Ms", millis)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoWaitsTooLongGets504WhoCannotWaitGets429AndPlacesComeBack() throws Exception {
        WebServer.Builder builder = WebServer.builder();
        Admission admission = new Admission(1, 1, builder.metrics());
        builder.route(Route.of(
                "POST",
                "/hold",
                Role.READ,
                request -> admission.answer(request, same -> {
                    inside.countDown();
                    try {
                        assertThat(finish.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Reply.text("held");
                })));
        builder.route(Route.of(
                "POST", "/pass", Role.READ, request -> admission.answer(request, same -> Reply.text("passed"))));
        try (WebServer server = builder.start()) {
            CompletableFuture<HttpResponse<String>> holding = send(server, "/hold", "60000");
            assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
            HttpResponse<String> late = send(server, "/pass", "50").get(20, TimeUnit.SECONDS);
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(late.body()).contains("50 ms");
            CompletableFuture<HttpResponse<String>> waiting = send(server, "/hold", "60000");
            // Which of the two comes first is not known: one waits, one is refused.
            HttpResponse<String> refused = null;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (refused == null || refused.statusCode() != 429) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                refused = send(server, "/pass", "20").get(20, TimeUnit.SECONDS);
                assertThat(refused.statusCode()).isIn(429, 504);
            }
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            finish.countDown();
            assertThat(holding.get(20, TimeUnit.SECONDS).body()).isEqualTo("held");
            assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isIn(200, 429);
            assertThat(send(server, "/pass", "20000").get(20, TimeUnit.SECONDS).body())
                    .isEqualTo("passed");
            assertThat(client.send(
                                    HttpRequest.newBuilder(server.uri().resolve("/metrics"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("arclight_scoring_late_total");
        }
    }
}
