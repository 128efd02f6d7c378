package dev.arclight.azure.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ArmClientTest {
    /** Would catch a wait without end: the client's own time-out is over once the headers are there. */
    @Test
    void anAnswerThatStopsHalfWayIsAskedForAgain() throws Exception {
        byte[] body = "{\"name\": \"raw\"}".getBytes(StandardCharsets.UTF_8);
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                boolean first = asked.incrementAndGet() == 1;
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body, 0, first ? 4 : body.length);
                exchange.getResponseBody().flush();
                if (first) {
                    over.await(60, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            AccessTokens tokens = scope -> new AccessToken("t", Instant.MAX);
            ArmClient client = new ArmClient(endpoint, "scope", tokens, Duration.ofSeconds(2));
            assertTimeoutPreemptively(
                    Duration.ofSeconds(50),
                    () -> assertThat(client.get("/x").path("name").asText()).isEqualTo("raw"));
            assertThat(asked).hasValue(2);
        } finally {
            over.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
