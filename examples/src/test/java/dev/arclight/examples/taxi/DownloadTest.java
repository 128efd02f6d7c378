package dev.arclight.examples.taxi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Sha256;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server on this machine that has bad days. */
final class DownloadTest {
    private final byte[] content = new byte[300_000];
    private final Deque<String> moods = new ArrayDeque<>();
    private final List<String> ranges = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final CountDownLatch stalled = new CountDownLatch(1);
    private String etag = "\"v1\"";
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        stalled.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String mood = moods.isEmpty() ? "good" : moods.pop();
        ranges.add(String.valueOf(range));
        try (exchange) {
            exchange.getResponseHeaders().set("ETag", etag);
            switch (mood) {
                case "busy" -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    exchange.sendResponseHeaders(503, -1);
                }
                case "no such range" -> exchange.sendResponseHeaders(416, -1);
                case "stall" -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content, 0, 100_000);
                    exchange.getResponseBody().flush();
                    stalled.await(60, TimeUnit.SECONDS);
                }
                case "missing" -> exchange.sendResponseHeaders(404, -1);
                default -> {
                    boolean same = etag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
                    int start = range == null || !same ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
                    exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
                    int end = mood.equals("cut") ? start + 100_000 : content.length;
                    exchange.getResponseBody().write(content, start, end - start);
                    exchange.getResponseBody().flush();
                }
            }
        } catch (IOException closedEarly) {
            // Closing with bytes missing is what a cut is.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean fetch(Path to, Optional<String> sum) throws IOException, InterruptedException {
        return fetch(to, sum, Duration.ofSeconds(10));
    }

    private boolean fetch(Path to, Optional<String> sum, Duration timeout) throws IOException, InterruptedException {
        Download.Patience patience = new Download.Patience(4, Duration.ofSeconds(1), Duration.ofMinutes(1), timeout);
        URI from = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/trips.parquet");
        return new Download(patience, pauses::add, Progress.NONE).fetch(from, to, sum);
    }

    private String sum() throws IOException {
        return Sha256.of(Files.write(folder.resolve("reference"), content));
    }

    @Test
    void aCutDownloadGoesOnWhereItEnded() throws Exception {
        moods.addAll(List.of("cut", "cut"));
        Path file = folder.resolve("new/trips.parquet");
        assertThat(fetch(file, Optional.of(sum()))).isTrue();
        assertThat(file).hasBinaryContent(content);
        assertThat(ranges).containsExactly("null", "bytes=100000-", "bytes=200000-");
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        try (var left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedAnew() throws Exception {
        moods.addAll(List.of("cut", "cut", "cut", "cut"));
        Path file = folder.resolve("trips.parquet");
        moods.clear();
        moods.addAll(List.of("cut", "missing"));
        assertThatThrownBy(() -> fetch(file, Optional.empty()))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        etag = "\"v2\"";
        Arrays.fill(content, 0, 1_000, (byte) 1);
        assertThat(fetch(file, Optional.empty())).isTrue();
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void aBusyServerIsLeftAloneAsLongAsItAsks() throws Exception {
        moods.addAll(List.of("busy", "busy"));
        assertThat(fetch(folder.resolve("trips.parquet"), Optional.empty())).isTrue();
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
        assertThat(fetch(folder.resolve("trips.parquet"), Optional.empty())).isFalse();
    }

    @Test
    void patienceEndsAndAWrongChecksumIsRefused() {
        moods.addAll(List.of("busy", "busy", "busy", "busy"));
        Path file = folder.resolve("trips.parquet");
        assertThatThrownBy(() -> fetch(file, Optional.empty()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("after 4 attempts: the server says 503");
        assertThatThrownBy(() -> fetch(file, Optional.of("00")))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("expected 00");
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileOfTheRightSizeWithAWrongChecksumIsFetchedAgain() throws Exception {
        String sum = sum();
        Path file = Files.write(folder.resolve("trips.parquet"), new byte[content.length]);
        assertThat(fetch(file, Optional.of(sum))).isTrue();
        assertThat(file).hasBinaryContent(content);
        Files.write(file, new byte[content.length]);
        assertThat(fetch(file, Optional.empty()))
                .as("without a checksum the size tells")
                .isFalse();
    }

    @Test
    void aServerThatSendsNothingMoreIsAskedAgain() throws Exception {
        moods.add("stall");
        Path file = folder.resolve("trips.parquet");
        assertThat(fetch(file, Optional.empty(), Duration.ofSeconds(2))).isTrue();
        assertThat(file).hasBinaryContent(content);
        assertThat(ranges).containsExactly("null", "bytes=100000-");
    }

    @Test
    void aPartThatIsWholeDoesNotStandInTheWayForEver() throws Exception {
        Path file = folder.resolve("trips.parquet");
        Files.write(folder.resolve(".trips.parquet.part"), content); // killed before it was renamed
        Files.writeString(folder.resolve(".trips.parquet.etag"), etag);
        moods.add("no such range");
        assertThat(fetch(file, Optional.of(sum()))).isTrue();
        assertThat(file).hasBinaryContent(content);
        assertThat(ranges).containsExactly("bytes=300000-", "null");
    }
}
