package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.WebServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One place, and a few more that may wait. */
@Timeout(60)
final class AdmissionTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);

    /** Answers {@code /hold} once {@link #finish} is down, {@code /pass} at once, {@code /work} after 2 ms. */
    private WebServer start(int waiting, int burst) {
        WebServer.Builder builder = WebServer.builder();
        Admission admission = new Admission(1, waiting, burst, builder.metrics());
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
        builder.route(Route.of(
                "POST",
                "/work",
                Role.READ,
                request -> admission.answer(request, same -> {
                    LockSupport.parkNanos(2_000_000);
                    return Reply.text("worked");
                })));
        return builder.start();
    }

    private CompletableFuture<HttpResponse<String>> send(WebServer server, String path, String millis) {
        return client.sendAsync(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .header("X-Request-Timeout-Ms", millis)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoWaitsTooLongGets504AndThePlaceComesBack() throws Exception {
        try (WebServer server = start(1, 1)) {
            CompletableFuture<HttpResponse<String>> holding = send(server, "/hold", "60000");
            assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
            HttpResponse<String> late = send(server, "/pass", "50").get(20, TimeUnit.SECONDS);
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(late.body()).contains("50 ms");
            finish.countDown();
            assertThat(holding.get(20, TimeUnit.SECONDS).body()).isEqualTo("held");
            assertThat(send(server, "/pass", "20000").get(20, TimeUnit.SECONDS).body())
                    .isEqualTo("passed");
            assertThat(metrics(server)).contains("arclight_scoring_late_total");
        }
    }

    /** Catches a burst of a few callers that is refused, and a long queue that an overload keeps full. */
    @Test
    void aBurstIsAnsweredAndTheQueueIsShortOnceItWasFull() throws Exception {
        try (WebServer server = start(1, 3)) {
            List<CompletableFuture<HttpResponse<String>>> holding = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                holding.add(send(server, "/hold", "60000"));
            }
            // One computes and three wait; which of the five is one too many is not known.
            CompletableFuture<?> first = CompletableFuture.anyOf(holding.toArray(CompletableFuture[]::new));
            HttpResponse<?> refused = (HttpResponse<?>) first.get(20, TimeUnit.SECONDS);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(metrics(server)).contains("arclight_scoring_limit 2.0");
            finish.countDown();
            int answered = 0;
            for (CompletableFuture<HttpResponse<String>> each : holding) {
                answered += each.get(20, TimeUnit.SECONDS).statusCode() == 200 ? 1 : 0;
            }
            assertThat(answered).isEqualTo(4);
            assertThat(metrics(server)).contains("arclight_scoring_limit 2.0");
            for (String limit : List.of("3.0", "4.0", "4.0")) {
                assertThat(send(server, "/pass", "20000")
                                .get(20, TimeUnit.SECONDS)
                                .body())
                        .isEqualTo("passed");
                assertThat(metrics(server)).contains("arclight_scoring_limit " + limit);
            }
        }
    }

    /** Catches an overload by fewer connections than may wait in a burst: none of them ever finds the queue full. */
    @Test
    void aQueueThatStaysLongIsAnOverloadAFewCallersAreNone() throws Exception {
        try (WebServer server = start(1, 20)) {
            assertThat(refused(server, 4, 100)).isZero();
            assertThat(refused(server, 16, 100)).isPositive();
        }
    }

    /** How many of the requests of so many callers, each with one after another, were refused. */
    private int refused(WebServer server, int callers, int each) throws Exception {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            all.add(CompletableFuture.completedFuture(0));
        }
        for (int i = 0; i < each; i++) {
            all.replaceAll(caller -> caller.thenCompose(count ->
                    send(server, "/work", "60000").thenApply(answer -> count + (answer.statusCode() == 429 ? 1 : 0))));
        }
        int refused = 0;
        for (CompletableFuture<Integer> caller : all) {
            refused += caller.get(40, TimeUnit.SECONDS);
        }
        return refused;
    }

    private String metrics(WebServer server) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(server.uri().resolve("/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
