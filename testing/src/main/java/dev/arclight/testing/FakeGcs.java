package dev.arclight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An emulator of Google Cloud Storage that holds its objects in memory. It asks nobody who they are. */
public final class FakeGcs implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final int port;

    private FakeGcs(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it with {@code buckets}, each empty. */
    public static FakeGcs start(String... buckets) {
        Path program = GoProgram.open("github.com/fsouza/fake-gcs-server", "v1.56.1");
        try {
            Path log = Files.createTempFile("arclight-fake-gcs", ".log");
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Process process = new ProcessBuilder(
                            program.toString(),
                            "-backend",
                            "memory",
                            "-scheme",
                            "http",
                            "-host",
                            "127.0.0.1",
                            "-port",
                            String.valueOf(port),
                            "-public-host",
                            "127.0.0.1:" + port,
                            "-log-level",
                            "error")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            FakeGcs gcs = new FakeGcs(process, log, port);
            Await.until("fake-gcs-server listens", PATIENCE, gcs::listens);
            for (String bucket : buckets) {
                gcs.make(bucket);
            }
            return gcs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What Google's connector must be told to talk to it, Hadoop's settings. */
    public Map<String, String> settings() {
        return Map.of(
                "fs.gs.storage.root.url", uri() + "/",
                "fs.gs.auth.type", "UNAUTHENTICATED",
                "fs.gs.block.size", "67108864",
                "fs.gs.operation.move.enable", "false"); // the emulator has no call to rename an object
    }

    private void make(String bucket) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/storage/v1/b?project=tests"))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"%s\"}".formatted(bucket)))
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError("No bucket: status " + response.statusCode() + ", " + response.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while a bucket was made", e);
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("fake-gcs-server ended with " + process.exitValue() + ", see " + log);
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(log);
    }
}
