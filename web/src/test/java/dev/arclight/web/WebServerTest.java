package dev.arclight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WebServerTest extends EchoServerFixture {
    @Test
    void pathsAndQueriesAreDecodedSegmentBySegment() throws Exception {
        WebServer server = start(echo());
        assertThat(get(server, "/models/a%2Fb%20%C3%A9/versions/3?q=1%2B1&q=x+y")
                        .body())
                .isEqualTo("a/b é|3|[1+1, x y]");
        assertThat(get(server, "/files/a/b%20c/d").body()).isEqualTo("a/b c/d");
        assertThat(get(server, "/files").body()).isEmpty();
        assertThat(get(server, "/files/a/%2e%2e/d").statusCode()).isEqualTo(400);
        assertThat(get(server, "/files/%ff").statusCode()).isEqualTo(400);
        assertThat(RawHttp.get(server.uri(), "/files/%zz", "Host: localhost")).startsWith("HTTP/1.1 400");
    }

    @Test
    void whatIsNotThereIsAnsweredAsJson() throws Exception {
        WebServer server = start(echo());
        HttpResponse<String> missing = get(server, "/nothing");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(json(missing).get("error_code").asText()).isEqualTo("ENDPOINT_NOT_FOUND");
        HttpResponse<String> wrong = get(server, "/echo");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).contains("POST");
        assertThat(wrong.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void aTakenPortIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> echo().port(taken.getLocalPort()).start())
                    .isInstanceOf(ArclightException.class)
                    .hasMessageContaining("Cannot listen on port " + taken.getLocalPort())
                    .hasMessageContaining("another program has it");
        }
    }

    @Test
    void bodiesPastTheLimitAreRefusedWhetherAnnouncedOrNot() throws Exception {
        WebServer server = start(echo().limits(Limits.standard().withBodyBytes(100_000)));
        for (String path : List.of("/echo", "/quick")) {
            assertThat(send(server, "POST", path, BodyPublishers.ofByteArray(new byte[100_000]))
                            .body()
                            .length())
                    .isEqualTo(100_000);
            HttpResponse<String> announced = send(server, "POST", path, BodyPublishers.ofByteArray(new byte[100_001]));
            assertThat(announced.statusCode()).isEqualTo(413);
            assertThat(json(announced).get("message").asText()).contains("100,000 bytes");
            HttpResponse<String> chunked = send(
                    server,
                    "POST",
                    path,
                    BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[150_000])));
            assertThat(chunked.statusCode()).as(path).isEqualTo(413);
        }
        assertThat(send(server, "POST", "/echo", BodyPublishers.ofString("x"), "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void bodiesOfAnySizeStreamBothWays() throws Exception {
        int pieces = 3000;
        WebServer server = start(WebServer.builder()
                .limits(Limits.standard().withBodyBytes(1000))
                .route(Route.of("PUT", "/checksum", Role.WRITE, request -> {
                            CRC32 crc = new CRC32();
                            byte[] piece = new byte[1 << 15];
                            try (InputStream in = request.body()) {
                                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                                    crc.update(piece, 0, n);
                                }
                            }
                            return Reply.text(Long.toHexString(crc.getValue()));
                        })
                        .withBodyBytes(1L << 40))
                .route(Route.of(
                        "GET",
                        "/noise",
                        Role.READ,
                        request -> Reply.stream("application/octet-stream", OptionalLong.empty(), out -> {
                            Random random = new Random(1);
                            byte[] piece = new byte[1 << 15];
                            for (int i = 0; i < pieces; i++) {
                                random.nextBytes(piece);
                                out.write(piece);
                            }
                        }))));
        CRC32 crc = new CRC32();
        long size = 0;
        HttpResponse<InputStream> noise = client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + "/noise")).build(), BodyHandlers.ofInputStream());
        Random random = new Random(1);
        byte[] piece = new byte[1 << 15];
        try (InputStream in = noise.body()) {
            for (int i = 0; i < pieces; i++) {
                random.nextBytes(piece);
                assertThat(in.readNBytes(1 << 15)).isEqualTo(piece);
                crc.update(piece);
                size += piece.length;
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(size).isGreaterThan(90 << 20);
        Random again = new Random(1);
        HttpResponse<String> put =
                send(server, "PUT", "/checksum", BodyPublishers.ofInputStream(() -> new InputStream() {
                    private byte[] current = new byte[1 << 15];
                    private int at = current.length;
                    private int made;

                    @Override
                    public int read() {
                        byte[] one = new byte[1];
                        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) {
                        if (at == current.length) {
                            if (made++ == pieces) {
                                return -1;
                            }
                            again.nextBytes(current);
                            at = 0;
                        }
                        int n = Math.min(length, current.length - at);
                        System.arraycopy(current, at, into, offset, n);
                        at += n;
                        return n;
                    }
                }));
        assertThat(put.body()).isEqualTo(Long.toHexString(crc.getValue()));
    }

    @Test
    void anAnswerThatBreaksOffIsSeenAsBroken() {
        WebServer server = start(WebServer.builder()
                .route(Route.of(
                        "GET",
                        "/half",
                        Role.READ,
                        request -> Reply.stream("text/plain", OptionalLong.empty(), out -> {
                            out.write(new byte[100_000]);
                            out.flush();
                            throw new IOException("disk gone");
                        }))));
        assertThatThrownBy(() -> get(server, "/half")).isInstanceOf(IOException.class);
    }

    @Test
    void aDefectIsAnsweredWithAnIdAndNothingMore() throws Exception {
        for (boolean quick : new boolean[] {false, true}) {
            Route route = Route.of("GET", "/bug", Role.READ, request -> {
                throw new IllegalStateException("secret detail");
            });
            WebServer server = start(WebServer.builder().route(quick ? route.quick() : route));
            HttpResponse<String> response = get(server, "/bug");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(json(response).get("error_code").asText()).isEqualTo("INTERNAL_ERROR");
            assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
        }
    }

    @Test
    void pastTheQueueRequestsGet429AtOnceAndTheRestIsAnswered() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch working = new CountDownLatch(1);
        WebServer server = start(WebServer.builder()
                .limits(Limits.standard().withConcurrency(1, 1))
                .route(Route.of("GET", "/wait", Role.READ, request -> {
                    working.countDown();
                    release.await(30, TimeUnit.SECONDS);
                    return Reply.text("done");
                })));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.uri() + "/wait")).build();
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(request, BodyHandlers.ofString());
        assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();
        List<CompletableFuture<HttpResponse<String>>> more = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            more.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        int refused = 0;
        while (refused < 4) {
            Object done = CompletableFuture.anyOf(more.toArray(new CompletableFuture<?>[0]))
                    .get(10, TimeUnit.SECONDS);
            HttpResponse<?> response = (HttpResponse<?>) done;
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
            more.removeIf(CompletableFuture::isDone);
            refused = 5 - more.size();
        }
        release.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
        assertThat(more.get(0).get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
    }

    @Test
    void whatTakesTooLongIsStopped() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        WebServer server = start(WebServer.builder()
                .limits(Limits.standard().withRequestTime(Duration.ofSeconds(2))) // enough to read the request
                .route(Route.of("GET", "/wait", Role.READ, request -> {
                    never.await();
                    return Reply.text("done");
                })));
        HttpResponse<String> response = get(server, "/wait");
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(json(response).get("error_code").asText()).isEqualTo("DEADLINE_EXCEEDED");
    }

    @Test
    void aBodyThatNeverComesDoesNotHoldTheServer() throws Exception {
        WebServer server = start(echo().limits(Limits.standard().withRequestTime(Duration.ofMillis(300))));
        for (String path : List.of("/quick", "/echo")) {
            String answer = RawHttp.send(
                    server.uri(), "POST %s HTTP/1.1\nHost: localhost\nContent-Length: 10\n\nabc".formatted(path));
            assertThat(answer).as(path).doesNotStartWith("HTTP/1.1 200");
        }
    }

    @Test
    void stoppingWaitsForWhatIsUnderWay() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        WebServer server = start(WebServer.builder().route(Route.of("GET", "/wait", Role.READ, request -> {
            working.countDown();
            release.await(30, TimeUnit.SECONDS);
            return Reply.text("done");
        })));
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                HttpRequest.newBuilder(URI.create(server.uri() + "/wait")).build(), BodyHandlers.ofString());
        assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
        release.countDown();
        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
        stop.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> get(server, "/wait")).isInstanceOf(IOException.class);
    }

    @Test
    void metricsCountRequestsByRouteAndStatus() throws Exception {
        WebServer.Builder builder = echo();
        builder.metrics().counter("arclight_test_things", "Things").inc(3);
        WebServer server = start(builder);
        get(server, "/models/a/versions/1");
        get(server, "/models/b/versions/1");
        get(server, "/nothing");
        // Counted once an answer is out, which its caller may see first.
        String counted = "arclight_http_request_duration_seconds_count{route=\"none\",status=\"404\"} 1";
        Await.until(
                "the last request is counted",
                Duration.ofSeconds(20),
                () -> metrics(server).contains(counted));
        assertThat(metrics(server))
                .contains("arclight_test_things_total 3")
                .contains(
                        "arclight_http_request_duration_seconds_count{route=\"/models/{name}/versions/{version}\",status=\"200\"} 2")
                .contains("jvm_memory_used_bytes");
    }

    private String metrics(WebServer server) {
        try {
            return get(server, "/metrics").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    @Test
    void jsonBodiesAreReadStrictly() throws Exception {
        WebServer server = start(WebServer.builder()
                .route(Route.of(
                        "POST",
                        "/sum",
                        Role.READ,
                        request -> Reply.json(
                                java.util.Map.of("sum", request.json().get("a").asInt() + 1)))));
        assertThat(send(server, "POST", "/sum", BodyPublishers.ofString("{\"a\": 2}"))
                        .body())
                .isEqualTo("{\"sum\":3}");
        for (String broken : List.of(
                "", "{", "{} {}", "nonsense", new String(new byte[] {(byte) 0xff}, StandardCharsets.ISO_8859_1))) {
            assertThat(send(server, "POST", "/sum", BodyPublishers.ofString(broken, StandardCharsets.ISO_8859_1))
                            .statusCode())
                    .as(broken)
                    .isEqualTo(400);
        }
    }
}
