package dev.arclight.track.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.track.Tracking;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * MLflow's own Python client makes more than 300 calls against our server and gets the answers that a real MLflow
 * server gives, ids and times aside. Those are recorded; the full tier records them anew and compares.
 */
final class ConformanceIT {
    private static final String RECORDED = "mlflow-3.17.2.jsonl";
    private static final String RECORDED_2 = "mlflow-3.17.2-client-2.22.5.jsonl";
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Pattern CALL = Pattern.compile("\\{\"n\": (\\d+), \"call\": \"((?:[^\"\\\\]|\\\\.)*)\".*");

    /** Where we answer otherwise on purpose, and why. */
    private static final Map<Set<String>, String> DIFFERENT = Map.of(
            Set.of("rename to taken"),
            "RESOURCE_ALREADY_EXISTS, as for a creation, in place of BAD_REQUEST; both 400",
            Set.of("not json"),
            "400 in place of 500",
            Set.of("order_by ['metrics.auc', 'metrics.auc DESC']", "transition archive none"),
            "INVALID_PARAMETER_VALUE in place of INTERNAL_ERROR: the caller is wrong, not the server",
            Set.of("search_logged_models nope = 'x'"),
            "the same",
            Set.of(
                    "search_runs tags.Case LIKE 'UP%'",
                    "search_runs tags.Case LIKE 'up%'",
                    "search_runs tags.Case ILIKE 'up%'",
                    "search_runs tags.case = 'lower'",
                    "order_by ['tags.Case DESC', 'run_name']"),
            "MLflow's SQL parser takes the key for a keyword",
            Set.of("search_runs tags.grp = 'a' AND"),
            "a filter that ends with AND is not finished",
            Set.of("search_logged_models status = 'READY'"),
            "MLflow compares the text with a number and finds nothing",
            Set.of("search_logged_models dataset"),
            "MLflow takes the missing digest for an empty one and finds nothing");

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void mlflowsClientGetsMlflowsAnswers() throws IOException {
        Map<String, String> ours = oursFor("mlflow-3.17");
        assertThat(ours).hasSizeGreaterThan(300);
        compare(ours, parse(resource(RECORDED)));
    }

    @Test
    @Tag("full")
    @Timeout(300)
    void soDoesTheClientOfMlflow2() throws IOException {
        Map<String, String> ours = oursFor("mlflow-2.22");
        assertThat(ours).hasSizeGreaterThan(250);
        compare(ours, parse(resource(RECORDED_2)));
    }

    @Test
    @Tag("full")
    @Timeout(600)
    void theRecordedAnswersAreMlflows() throws IOException, InterruptedException {
        assertThat(theirsFor("mlflow-3.17")).isEqualTo(parse(resource(RECORDED)));
    }

    @Test
    @Tag("full")
    @Timeout(600)
    void theRecordedAnswersToMlflow2AreMlflows() throws IOException, InterruptedException {
        assertThat(theirsFor("mlflow-2.22")).isEqualTo(parse(resource(RECORDED_2)));
    }

    @Test
    @Tag("full")
    @Timeout(120)
    void mlflowsClientSendsLargeFilesInParts() throws IOException {
        Path script = folder.resolve("large_upload.py");
        Files.writeString(script, resource("large_upload.py"));
        try (Tracking tracking = Tracking.open(folder.resolve("store").toString());
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start()) {
            assertThat(PythonEnvironment.open("mlflow-3.17").run(TIMEOUT, script, server.uri(), folder))
                    .contains("deep/er/big");
        }
    }

    private Map<String, String> oursFor(String client) throws IOException {
        try (Tracking tracking = Tracking.open(folder.resolve("store").toString());
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start()) {
            return answers(PythonEnvironment.open(client), server.uri());
        }
    }

    /** What a real server, of MLflow 3 for both clients, answers. */
    private Map<String, String> theirsFor(String client) throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.open("mlflow-3.17");
        int port = freePort();
        Process server = new ProcessBuilder(
                        python.program("mlflow").toString(),
                        "server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--workers",
                        "1",
                        "--backend-store-uri",
                        "sqlite:///" + folder.resolve("mlflow.db"),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + port);
            awaitHealth(uri, server);
            return answers(PythonEnvironment.open(client), uri);
        } finally {
            List<ProcessHandle> children = server.descendants().toList();
            server.destroy();
            if (!server.waitFor(20, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private Map<String, String> answers(PythonEnvironment python, URI server) throws IOException {
        Path script = folder.resolve("conformance.py");
        Files.writeString(script, resource("conformance.py"));
        Path files = Files.createDirectories(folder.resolve("files-" + server.getPort()));
        return parse(python.run(TIMEOUT, script, server, files));
    }

    private static void compare(Map<String, String> ours, Map<String, String> theirs) {
        assertThat(ours.keySet()).containsExactlyElementsOf(theirs.keySet());
        List<String> differences = new ArrayList<>();
        ours.forEach((call, answer) -> {
            boolean allowed = DIFFERENT.keySet().stream().anyMatch(calls -> calls.contains(name(call)));
            if (!answer.equals(theirs.get(call)) && !allowed) {
                differences.add("%n  ours %s%n  MLflow's %s".formatted(answer, theirs.get(call)));
            }
        });
        assertThat(differences).isEmpty();
    }

    /** Answers by number and name of the call, in order. */
    private static Map<String, String> parse(String lines) {
        Map<String, String> answers = new LinkedHashMap<>();
        lines.lines().forEach(line -> {
            Matcher matcher = CALL.matcher(line);
            if (matcher.matches()) {
                answers.put(matcher.group(1) + " " + matcher.group(2), line);
            }
        });
        return answers;
    }

    private static String name(String call) {
        return call.substring(call.indexOf(' ') + 1);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ConformanceIT.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitHealth(URI server, Process process) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/health")).build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                process.waitFor(200, TimeUnit.MILLISECONDS); // not listening yet
            }
        }
        throw Needs.missing("a real MLflow server that starts within 120 s");
    }
}
