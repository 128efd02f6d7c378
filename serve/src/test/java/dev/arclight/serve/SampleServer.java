package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of {@link SampleModels}: {@code bits}, version 7, answers {@code /invocations}; {@code unnamed} beside it.
 */
final class SampleServer implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ScoringServer server;

    private SampleServer(ScoringServer server) {
        this.server = server;
    }

    static SampleServer start(Path folder) {
        return of(ScoringServer.builder()
                .model("bits", "7", SampleModels.bits(folder.resolve("bits"), 0))
                .model("unnamed", SampleModels.unnamed(folder.resolve("unnamed")))
                .start());
    }

    /** The requests below for any server, which is closed with this. */
    static SampleServer of(ScoringServer server) {
        return new SampleServer(server);
    }

    URI uri() {
        return server.uri();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    JsonNode tree(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonMapper().readTree(response.body());
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return post(path, type, HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, String type, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", type).POST(body));
    }

    /** Whether {@code /models/NAME/drift} has so many rows. */
    boolean isCounted(String name, int rows) {
        try {
            return tree("/models/%s/drift".formatted(name)).get("rows").asInt() == rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /** Waits until {@code /metrics} says that {@code name}, with its labels, is {@code value}. */
    void awaitMetric(String name, double value) {
        Pattern line = Pattern.compile("^" + Pattern.quote(name) + " ([0-9.]+)$", Pattern.MULTILINE);
        Await.until("%s is %s".formatted(name, value), Duration.ofSeconds(30), () -> {
            Matcher found = line.matcher(metrics());
            return found.find() && Double.parseDouble(found.group(1)) == value;
        });
    }

    private String metrics() {
        try {
            return get("/metrics").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
