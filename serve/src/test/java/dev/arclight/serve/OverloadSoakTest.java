package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three times what the machine can compute, for a minute, from a generator in a process of its own that does not wait
 * for answers. The model has 5,000 trees and a request some rows, so that computing is the limit, not the generator.
 */
@Tag("soak")
@Timeout(600)
final class OverloadSoakTest {
    private static final int TREES = 5000;
    private static final int DEPTH = 7;
    private static final int ROWS = 16;
    private static final int CONNECTIONS = 64;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @Test
    void answeredOnesStayFastTheRestIsRefusedAtOnceAndMemoryIsFlat() throws Exception {
        int seconds = Soak.number("seconds", 60);
        double times = Soak.number("times", 3);
        Path bodies = bodies();
        try (ScoringServer server = ScoringServer.builder()
                .model("slow", SampleModels.forest(folder.resolve("slow"), TREES, DEPTH))
                .start()) {
            load(server, bodies, 8, 0, 5); // compiled
            double capacity = count(load(server, bodies, 8, 0, 10), "200") / 10;
            JsonNode before = load(server, bodies, CONNECTIONS, capacity / 2, 10);
            long heapBefore = Heap.used();
            JsonNode over = load(server, bodies, CONNECTIONS, times * capacity, seconds);
            long heapAfter = Heap.used();
            JsonNode after = load(server, bodies, CONNECTIONS, capacity / 2, 10);

            double normal = before.at("/answers/200/p99").asDouble();
            ObjectNode report = JSON.createObjectNode()
                    .put("capacity_per_second", capacity)
                    .put("offered_per_second", times * capacity)
                    .put("seconds", seconds)
                    .put("heap_growth_bytes", heapAfter - heapBefore);
            report.set("at_half_capacity_before", before);
            report.set("overload", over);
            report.set("at_half_capacity_after", after);
            System.err.println(report);
            for (JsonNode each : List.of(before, over, after)) {
                assertThat(each.get("errors").asInt()).as(each.toString()).isZero();
                each.get("answers")
                        .fieldNames()
                        .forEachRemaining(
                                status -> assertThat(status).as(each.toString()).isIn("200", "429"));
            }
            assertThat(count(before, "429")).isZero();
            assertThat(count(after, "429")).isZero();
            assertThat(over.at("/answers/200/p99").asDouble())
                    .as("p99 of the answered, %s", over)
                    .isLessThan(4 * normal);
            assertThat(over.at("/answers/429/p50").asDouble())
                    .as("refused at once: half of them sooner than a request is normally answered, %s", over)
                    .isLessThan(before.at("/answers/200/p50").asDouble());
            assertThat(count(over, "200") / seconds).as("it goes on computing").isGreaterThan(capacity / 2);
            assertThat(heapAfter - heapBefore).as("heap growth").isLessThan(16L << 20);
            assertThat(after.at("/answers/200/p99").asDouble())
                    .as("normal again")
                    .isLessThan(2 * normal);
            Soak.report(report.toString());
        }
    }

    private Path bodies() throws IOException {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            StringBuilder line =
                    new StringBuilder("{\"dataframe_split\": {\"columns\": [\"a\", \"b\", \"c\"], \"data\": [");
            for (int row = 0; row < ROWS; row++) {
                line.append(String.format(
                        Locale.ROOT,
                        "%s[%.3f, %.3f, %.3f]",
                        row == 0 ? "" : ", ",
                        random.nextGaussian(),
                        random.nextGaussian(),
                        random.nextGaussian()));
            }
            lines.add(line.append("]}}").toString());
        }
        return Files.write(folder.resolve("bodies.jsonl"), lines);
    }

    /** One run of {@code bench/http/Load.java}; a rate of 0 is a closed loop. */
    private JsonNode load(ScoringServer server, Path bodies, int clients, double rate, int seconds)
            throws IOException, InterruptedException {
        Path out = folder.resolve("load.json");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        Needs.root().resolve("bench/http/Load.java").toString(),
                        "--uri",
                        server.uri() + "/invocations",
                        "--bodies",
                        bodies.toString(),
                        "--clients",
                        Integer.toString(clients),
                        "--rate",
                        Double.toString(rate),
                        "--warmup",
                        "2",
                        "--seconds",
                        Integer.toString(seconds))
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(seconds + 90, TimeUnit.SECONDS))
                    .as("the generator ends")
                    .isTrue();
            assertThat(process.exitValue()).isZero();
            return JSON.readTree(out.toFile());
        } finally {
            process.destroyForcibly();
        }
    }

    private static double count(JsonNode load, String status) {
        return load.path("answers").path(status).path("count").asDouble();
    }
}
