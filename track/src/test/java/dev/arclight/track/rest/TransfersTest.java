package dev.arclight.track.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.rest.Credentials;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.Transfers;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import dev.arclight.testing.StandIn.Seen;
import dev.arclight.track.Tracking;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are large, and connections that break. */
@Tag("full")
@Timeout(120)
final class TransfersTest {
    private static final String ROOT = "mlflow-artifacts:/0/run/artifacts";
    private static final String MPU = "/api/2.0/mlflow-artifacts/mpu/";
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void aLargeFileGoesInPartsAndABrokenPartIsSentAgain() throws IOException {
        long size = MultipartUpload.MINIMUM_BYTES + 3;
        AtomicInteger secondPart = new AtomicInteger();
        StandIn[] self = new StandIn[1];
        try (StandIn server = new StandIn(request -> {
                    if (request.path().startsWith(MPU + "create")) {
                        return Answer.json(credentials(self[0], 4));
                    }
                    if (request.path().equals("/part/2") && secondPart.incrementAndGet() == 1) {
                        return Answer.status(503, "busy");
                    }
                    return request.path().startsWith("/part/")
                            ? new Answer(
                                    200,
                                    "",
                                    Map.of("ETag", "\"e" + request.path().substring(6) + "\""))
                            : Answer.json("{}");
                });
                Tracking tracking =
                        RestTracking.open(server.uri().toString(), Map.of("MLFLOW_TRACKING_TOKEN", "t0ken"), folder)) {
            self[0] = server;
            Path file = large(size);
            tracking.artifacts().upload(ROOT, file, "models/big file.bin");

            List<Seen> seen = server.seen();
            assertThat(seen)
                    .extracting(Seen::path)
                    .containsExactly(
                            MPU + "create/0/run/artifacts/models",
                            "/part/1",
                            "/part/2",
                            "/part/2",
                            "/part/3",
                            "/part/4",
                            MPU + "complete/0/run/artifacts/models");
            assertThat(seen.get(0).text()).isEqualTo("{\"path\":\"big file.bin\",\"num_parts\":4}");
            assertThat(seen.get(6).text())
                    .contains("\"upload_id\":\"u-1\"", "{\"part_number\":2,\"etag\":\"\\\"e2\\\"\",\"url\":");
            assertThat(seen.get(1).header("Authorization")).isEmpty();
            assertThat(seen.get(1).header("x-part")).isEqualTo("1");
            // The parts make up the file.
            List<byte[]> parts = new ArrayList<>();
            for (int i : new int[] {1, 3, 4, 5}) {
                parts.add(seen.get(i).body());
            }
            byte[] whole = Files.readAllBytes(file);
            int at = 0;
            for (byte[] part : parts) {
                assertThat(Arrays.equals(part, 0, part.length, whole, at, at + part.length))
                        .isTrue();
                at += part.length;
            }
            assertThat(at).isEqualTo(whole.length);
        }
    }

    @Test
    void anUploadInPartsThatFailsIsAborted() throws IOException {
        StandIn[] self = new StandIn[1];
        try (StandIn server = new StandIn(request -> {
                    if (request.path().startsWith(MPU + "create")) {
                        return Answer.json(credentials(self[0], 4));
                    }
                    return request.path().equals("/part/3")
                            ? Answer.status(403, "expired")
                            : new Answer(200, "{}", Map.of("ETag", "e"));
                });
                Tracking tracking = RestTracking.open(server.uri().toString(), Map.of(), folder)) {
            self[0] = server;
            Path file = large(MultipartUpload.MINIMUM_BYTES + 3);
            assertThatThrownBy(() -> tracking.artifacts().upload(ROOT, file, "big.bin"))
                    .hasMessageContaining("expired")
                    .hasMessageNotContaining("signature");
            assertThat(server.seen().get(server.seen().size() - 1).path()).startsWith(MPU + "abort/");
        }
    }

    @Test
    void aServerThatKnowsNoPartsGetsTheFileInOnePiece() throws IOException {
        try (StandIn server = new StandIn(request -> request.path().startsWith(MPU)
                        ? Answer.status(501, "{\"error_code\": \"NOT_IMPLEMENTED\"}")
                        : Answer.json("{}"));
                Tracking tracking = RestTracking.open(server.uri().toString(), Map.of(), folder)) {
            tracking.artifacts().upload(ROOT, large(MultipartUpload.MINIMUM_BYTES), "big.bin");
            Seen put = server.seen().get(1);
            assertThat(put.method()).isEqualTo("PUT");
            assertThat(put.path()).isEqualTo("/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/big.bin");
            assertThat(put.header("Content-Length")).isEqualTo(Long.toString(MultipartUpload.MINIMUM_BYTES));
            assertThat(put.body()).hasSize((int) MultipartUpload.MINIMUM_BYTES);
        }
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItWas() throws IOException {
        byte[] content = new byte[3 * MEGABYTE];
        new Random(1).nextBytes(content);
        List<String> ranges = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> serveInPieces(server, content, ranges));
            thread.start();
            Path target = folder.resolve("received");
            RestClient client = RestTracking.client(
                    java.net.URI.create("http://127.0.0.1:" + server.getLocalPort()), Credentials.none());
            new Transfers(client).receive(() -> client.call("/file"), target);
            assertThat(Files.readAllBytes(target)).isEqualTo(content);
            assertThat(ranges).hasSizeGreaterThan(1);
            assertThat(ranges.get(0)).isEmpty();
            assertThat(ranges.subList(1, ranges.size())).allMatch(range -> range.matches("bytes=[1-9]\\d*-"));
        }
    }

    /** Each connection gives a million bytes and breaks. */
    private static void serveInPieces(ServerSocket server, byte[] content, List<String> ranges) {
        while (true) {
            try (Socket socket = server.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String range = "";
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    range = line.startsWith("Range: ") ? line.substring(7) : range;
                }
                ranges.add(range);
                int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(from == 0 ? "200 OK" : "206 Partial Content", content.length - from)
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(content, from, Math.min(3 * MEGABYTE / 2, content.length - from));
                out.flush();
                socket.shutdownOutput();
            } catch (IOException e) {
                return; // closed: the test is over
            }
        }
    }

    private Path large(long size) throws IOException {
        Path file = folder.resolve("large.bin");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] block = new byte[MEGABYTE];
            Random random = new Random(7);
            for (long at = 0; at < size; at += block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(block.length, size - at));
            }
        }
        return file;
    }

    private static String credentials(StandIn server, int parts) {
        List<String> all = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            all.add("{\"url\": \"%s/part/%d\", \"part_number\": %d, \"headers\": {\"x-part\": \"%d\"}}"
                    .formatted(server.uri(), part, part, part));
        }
        return "{\"upload_id\": \"u-1\", \"credentials\": [%s]}".formatted(String.join(", ", all));
    }
}
