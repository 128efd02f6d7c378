package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Soak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that no proper client sends: never a 5xx, a hang or a broken server. */
@Timeout(value = 20, unit = java.util.concurrent.TimeUnit.MINUTES)
final class FuzzTest {
    private static final String[] SEEDS = {
        "{\"dataframe_split\": {\"columns\": [\"fixed acidity\", \"pH\", \"is_red\", \"count\", \"note\"], \"data\": [[1, 0.25, true, 3, null], [0.4, 9.5e-3, false, 0, NaN]]}}",
        "{\"dataframe_records\": [{\"fixed acidity\": 1, \"pH\": \"0.5\", \"is_red\": 1, \"count\": 3}]}",
        "{\"inputs\": {\"fixed acidity\": [1], \"pH\": [2], \"is_red\": [0], \"count\": [3]}, \"params\": {}}",
        "{\"instances\": [{\"fixed acidity\": -1e10, \"pH\": 2, \"is_red\": false, \"count\": 0, \"x\": \"\\u00e9\\n\"}]}",
        "fixed acidity,pH,is_red,count\n1,\"2.5\",true,3\n,2,false,4\n",
        "{\"inputs\": [{\"name\": \"pH\", \"shape\": [2, 1], \"datatype\": \"FP32\", \"data\": [[1], [2]]}]}"
    };
    private static final String[] PIECES = {
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "null",
        "1e999",
        "-",
        "9".repeat(400),
        "[".repeat(1000),
        "\"a\":",
        "\\u0000",
        "NaN",
        "-Infinity",
        "true",
        "\ufeff",
        "1.7976931348623157e308",
        "\"columns\"",
        "\"data\"",
        "'",
        "\r\n"
    };

    @TempDir
    Path folder;

    @Test
    void malformedBodiesAreRefusedAndNeverBreakTheServer() throws IOException {
        fuzz(3_000);
    }

    @Test
    @Tag("full")
    void manyMalformedBodies() throws IOException {
        fuzz(40_000);
    }

    @Test
    @Tag("soak")
    void twoHundredThousandMalformedBodies() throws IOException {
        int bodies = Soak.number("bodies", 200_000);
        Seen seen = fuzz(bodies);
        hugeDeepAndCompressedBodiesAreRefused();
        Soak.report(
                "{\"bodies\": %d, \"refused\": %d, \"answered\": %d, \"server_errors\": 0, \"heap_growth_bytes\": %d}"
                        .formatted(bodies, seen.refused(), bodies - seen.refused(), seen.heapGrowth()));
    }

    /**
     * What came of many bodies; a 5xx or hang fails the test at once.
     *
     * @param refused with 400; the others were harmless and scored
     * @param heapGrowth bytes, after a collection
     */
    private record Seen(int refused, long heapGrowth) {}

    private Seen fuzz(int count) throws IOException {
        Random random = new Random(count);
        int refused = 0;
        try (ScoringServer server = ScoringServer.builder()
                        .model("bits", SampleModels.bits(folder.resolve("bits"), 0))
                        .start();
                Connection connection = new Connection(server)) {
            long before = Heap.used();
            for (int i = 0; i < count; i++) {
                int seed = random.nextInt(SEEDS.length);
                byte[] body = mutate(SEEDS[seed].getBytes(StandardCharsets.UTF_8), random);
                String path = seed == 5 ? "/v2/models/bits/infer" : "/invocations";
                int status = connection.post(path, seed == 4 ? "text/csv" : "application/json", "", body);
                assertThat(status)
                        .as(() -> "%s %s".formatted(path, new String(body, StandardCharsets.ISO_8859_1)))
                        .isIn(200, 400);
                refused += status == 400 ? 1 : 0;
            }
            assertThat(refused).isGreaterThan(count / 2);
            assertThat(connection.post(
                            "/invocations", "application/json", "", SEEDS[0].getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(200);
            long growth = Heap.used() - before;
            assertThat(growth).isLessThan(16L << 20);
            return new Seen(refused, growth);
        }
    }

    @Test
    void hugeDeepAndCompressedBodiesAreRefused() throws IOException {
        try (ScoringServer server = ScoringServer.builder()
                .model("bits", SampleModels.bits(folder.resolve("bits"), 0))
                .start()) {
            assertThat(once(server, "", ("{\"inputs\": " + "[".repeat(5_000_000)).getBytes(StandardCharsets.US_ASCII)))
                    .isEqualTo(400);
            assertThat(once(
                            server,
                            "",
                            ("{\"dataframe_records\": [{\"pH\": " + "1".repeat(5_000_000) + "}]}")
                                    .getBytes(StandardCharsets.US_ASCII)))
                    .isEqualTo(400);
            assertThat(once(server, "", new byte[100 << 20])).isEqualTo(413);
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
                out.write(new byte[50 << 20]);
            }
            assertThat(once(server, "Content-Encoding: gzip\r\n", bomb.toByteArray()))
                    .isEqualTo(415);
            assertThat(once(server, "", SEEDS[0].getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(200);
        }
    }

    private static int once(ScoringServer server, String header, byte[] body) throws IOException {
        try (Connection connection = new Connection(server)) {
            return connection.post("/invocations", "application/json", header, body);
        }
    }

    private static byte[] mutate(byte[] body, Random random) {
        byte[] mutated = body;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = mutated.length == 0 ? 0 : random.nextInt(mutated.length);
            switch (random.nextInt(5)) {
                case 0 -> mutated = Arrays.copyOf(mutated, at);
                case 1 -> mutated = mutated.length == 0 ? mutated : flip(mutated, at, (byte) random.nextInt(256));
                case 2 ->
                    mutated = splice(mutated, at, new byte[0], Math.min(mutated.length - at, 1 + random.nextInt(9)));
                default ->
                    mutated = splice(
                            mutated,
                            at,
                            PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8),
                            random.nextInt(2));
            }
        }
        return mutated;
    }

    private static byte[] flip(byte[] body, int at, byte value) {
        byte[] copy = body.clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] splice(byte[] body, int at, byte[] piece, int drop) {
        int skip = Math.min(drop, body.length - at);
        byte[] joined = new byte[body.length + piece.length - skip];
        System.arraycopy(body, 0, joined, 0, at);
        System.arraycopy(piece, 0, joined, at, piece.length);
        System.arraycopy(body, at + skip, joined, at + piece.length, body.length - at - skip);
        return joined;
    }

    /** One kept connection; a plain socket, so that nothing on this side corrects what is sent. */
    private static final class Connection implements AutoCloseable {
        private final ScoringServer server;
        private Socket socket;

        Connection(ScoringServer server) throws IOException {
            this.server = server;
            this.socket = open();
        }

        private Socket open() throws IOException {
            Socket opened = new Socket(server.uri().getHost(), server.uri().getPort());
            opened.setSoTimeout(20_000);
            opened.setTcpNoDelay(true);
            return opened;
        }

        int post(String path, String type, String header, byte[] body) throws IOException {
            byte[] head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n"
                    .formatted(path, type, header, body.length)
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] request = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, request, head.length, body.length);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
            } catch (IOException e) {
                // The server may refuse and close before all is sent; its answer can still be read.
                assertThat(body.length).as("broken off: %s", e).isGreaterThan(1 << 20);
            }
            String answer = head();
            int status = Integer.parseInt(answer.substring(9, 12));
            int length = Integer.parseInt(answer.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
            socket.getInputStream().skipNBytes(length);
            if (answer.contains("Connection: close")) {
                socket.close();
                socket = open();
            }
            return status;
        }

        private String head() throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("The server closed the connection after: " + head);
                }
                head.append((char) next);
            }
            return head.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
