package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.model.DataType;
import dev.arclight.model.Field;
import dev.arclight.model.Signature;
import dev.arclight.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each {@code curl} line that the documentation shows, run as it stands there but for the port. */
@Timeout(60)
final class CurlIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static List<String> curls() throws Exception {
        Path root = Needs.root();
        List<String> lines = new ArrayList<>();
        for (String page : List.of("README.md", "docs/serving.md")) {
            for (String line : Files.readAllLines(root.resolve(page))) {
                if (line.startsWith("curl ")) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    @Test
    void theLinesOfTheDocumentationWork() throws Exception {
        Needs.program("curl");
        List<Field> inputs = new ArrayList<>();
        names(curls())
                .forEach(name ->
                        inputs.add(Field.Column.of(name, name.equals("is_red") ? DataType.LONG : DataType.DOUBLE)));
        Signature signature = new Signature(inputs, List.of(Field.Tensor.of("float32", -1)), List.of());
        List<String> lines = curls();
        assertThat(lines).hasSizeGreaterThan(5);
        try (ScoringServer server = ScoringServer.builder()
                .model("wine-quality", "2", SampleModels.constant(folder.resolve("wine"), signature, 0.25f))
                .start()) {
            List<String> answers = new ArrayList<>();
            for (String line : lines) {
                answers.add(run(line.replace(
                        "127.0.0.1:5001",
                        server.uri().getHost() + ":" + server.uri().getPort())));
            }
            assertThat(answers).contains("{\"predictions\":[0.25]}");
            assertThat(answers).noneMatch(String::isBlank).noneMatch(answer -> answer.startsWith("{\"error_code"));
        }
    }

    /** The columns of the first row that the documentation sends. */
    private static List<String> names(List<String> lines) throws Exception {
        String body = lines.stream()
                .filter(line -> line.contains("dataframe_records"))
                .findFirst()
                .orElseThrow();
        JsonNode row = new JsonMapper()
                .readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1))
                .at("/dataframe_records/0");
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private String run(String line) throws Exception {
        Path out = folder.resolve("answer");
        Process process = new ProcessBuilder("bash", "-c", line)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as(line)
                    .isTrue();
            assertThat(process.exitValue()).as(line).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out);
    }
}
