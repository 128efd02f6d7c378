package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.model.DataType;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import dev.arclight.testing.Await;
import dev.arclight.testing.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code arclight serve} as a process of its own, from the libraries that {@code server.jars} names. */
@Timeout(120)
final class ScoringServerProcessIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String BODY = "{\"inputs\": {\"a\": [0.5, 2], \"b\": [1, 1]}}";

    @TempDir
    Path folder;

    /** Catches a server that drops, on SIGTERM, a request that it has begun to read. */
    @Test
    void onSigtermRequestsUnderWayAreAnsweredAndNewOnesAreNot() throws Exception {
        Path log = folder.resolve("log");
        Process server = new ProcessBuilder(Launcher.path().toString(), "serve", model().toString(), "--port", "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            URI uri = address(server, log);
            try (Socket half = connect(uri);
                    Socket kept = connect(uri)) {
                assertThat(ask(kept)).startsWith("HTTP/1.1 200").endsWith("{\"predictions\":[1.0,2.0]}");
                String request = request();
                half.getOutputStream().write(bytes(request.substring(0, request.length() - 10)));
                Await.until(
                        "the server reads the half request",
                        SOON,
                        () -> metrics(kept).contains("arclight_http_in_flight 2.0"));
                server.destroy(); // SIGTERM
                Await.until("the server hears it", SOON, () -> read(log).contains("interrupted"));
                Await.until("new requests are refused", SOON, () -> isRefused(uri));
                assertThat(server.isAlive()).as("it waits for the half request").isTrue();
                half.getOutputStream().write(bytes(request.substring(request.length() - 10)));
                assertThat(answer(half)).startsWith("HTTP/1.1 200").endsWith("{\"predictions\":[1.0,2.0]}");
            }
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(Files.readString(log)).doesNotContain("\tat ").doesNotContain("Exception");
        } finally {
            server.destroyForcibly();
        }
    }

    /** Catches a library that the scoring server needs and {@code server.jars} does not name, or one too many. */
    @Test
    void theServersLibrariesAreThereAndSparkIsNotAmongThem() throws IOException {
        Path release = Needs.root().resolve("dist/target/arclight");
        List<String> jars = Files.readAllLines(release.resolve("server.jars"));
        assertThat(jars)
                .doesNotContain("")
                .doesNotHaveDuplicates()
                .hasSizeBetween(20, 60)
                .noneMatch(jar -> jar.contains("spark") || jar.contains("scala"))
                .allSatisfy(
                        jar -> assertThat(release.resolve("lib").resolve(jar)).isRegularFile());
    }

    private static URI address(Process server, Path log) {
        Await.until("the server says where it listens", Duration.ofSeconds(60), () -> {
            assertThat(server.isAlive()).as(read(log)).isTrue();
            return read(log).contains(" at http");
        });
        return URI.create(read(log).replaceAll("(?s).* at (http://[0-9.:]+).*", "$1"));
    }

    private Path model() {
        Path directory = folder.resolve("steps");
        List<String> names = List.of("a", "b");
        TreeNode tree = new TreeNode.Split(0, 1, true, new TreeNode.Leaf(1), new TreeNode.Leaf(2));
        ModelWriter.xgboost(
                        XGBoostFile.ofTrees("reg:squarederror", names, 0, List.of(tree)),
                        Signature.table(names, DataType.DOUBLE, 1),
                        GoldenRows.of(1, new float[] {0, 0}, 2, new float[] {1}, 1))
                .write(directory);
        return directory;
    }

    private static Socket connect(URI uri) throws IOException {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String request() {
        return "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(BODY.length(), BODY);
    }

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write(bytes(request()));
        return answer(socket);
    }

    private static String metrics(Socket socket) {
        try {
            socket.getOutputStream().write(bytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            return answer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a new connection gets 503, or none is accepted or kept any more. */
    private static boolean isRefused(URI uri) {
        try (Socket late = connect(uri)) {
            return ask(late).startsWith("HTTP/1.1 503");
        } catch (SocketException e) { // refused, or accepted by the system and then reset
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Head and body of one answer. */
    private static String answer(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            answer.append(line).append('\n');
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        for (int i = 0; i < length; i++) {
            answer.append((char) in.read());
        }
        return answer.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
