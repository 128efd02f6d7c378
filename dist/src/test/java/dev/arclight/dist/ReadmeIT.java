package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import dev.arclight.testing.Snippets;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what README shows, line by line, in an empty folder where {@code ./arclight} is the launcher. */
@Tag("full")
final class ReadmeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern INLINE = Pattern.compile("`(\\./arclight [^`]+)`");

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @TempDir
    private Path folder;

    @Test
    void everyCommandWorksInTheOrderShown() throws Exception {
        Files.createSymbolicLink(folder.resolve("arclight"), Launcher.path());
        List<String> commands = commands();
        assertThat(commands).startsWith("./arclight demo wine", "mvn verify").hasSizeGreaterThan(5);
        for (String command : commands) {
            if (command.equals("mvn verify") || command.startsWith("curl ")) {
                continue; // what is running this; what serve's own tests send
            }
            if (command.matches("./arclight (serve|tracking)\\b.*")) {
                assertThatItServes(command);
                continue;
            }
            Processes.Finished finished = run(
                    command.contains("FOLDER")
                            ? command.replace(
                                    "FOLDER",
                                    copied(folder.resolve("arclight-out/data")).toString())
                            : command);
            assertThat(finished.exitCode())
                    .as("%s%n%s%n%s", command, finished.output(), finished.errors())
                    .isZero();
        }
        Files.delete(folder.resolve("arclight"));
        for (String shown : List.of("report.html", "summary.json", "data", "batch", "tracking", "arclight.log")) {
            assertThat(folder.resolve("arclight-out").resolve(shown)).exists();
        }
    }

    /** The tables in a folder of the user's: those in the output's are the demo's own. */
    private Path copied(Path tables) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("wine"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(tables, "*.csv")) {
            for (Path file : files) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void theLinkedFilesAreThere() throws IOException {
        Matcher links = Pattern.compile("]\\(([^)#]+)\\)").matcher(readme());
        List<Path> missing = new ArrayList<>();
        while (links.find()) {
            if (!links.group(1).contains("://") && Files.notExists(Needs.root().resolve(links.group(1)))) {
                missing.add(Path.of(links.group(1)));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theCurlLineThatTheDemoPrintsIsAnswered() throws Exception {
        Needs.program("curl");
        Path out = folder.resolve("out");
        try (RunningDemo demo = RunningDemo.start(folder, "--out", out, "--evals", 1, "--serve", "--port", 0)) {
            demo.awaitOutput("curl -s ");
            String curl = demo.output()
                    .lines()
                    .filter(line -> line.strip().startsWith("curl "))
                    .findFirst()
                    .orElseThrow();
            Processes.Finished answer = run(curl);
            JsonNode predictions = new JsonMapper().readTree(answer.output()).path("predictions");
            assertThat(predictions.size()).as(answer.output()).isEqualTo(1);
            assertThat(predictions.get(0).asDouble()).isBetween(0.0, 1.0);
            demo.interrupt();
            assertThat(out.resolve("summary.json")).exists();
            assertThat(run(curl).exitCode()).as("nothing listens any more").isNotZero();
        }
    }

    /** Waits for the address that a server prints, asks it for its health, and ends it as Ctrl-C does. */
    private void assertThatItServes(String command) throws Exception {
        Path output = folder.resolve("server.txt");
        Process server = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        "bash",
                        "-c",
                        "cd '%s' && exec %s --port 0".formatted(folder, command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            Instant deadline = Instant.now().plus(PATIENCE);
            Matcher address = ADDRESS.matcher(Files.readString(output));
            while (!address.find()) {
                assertThat(server.isAlive()).as(Files.readString(output)).isTrue();
                assertThat(Instant.now()).as(Files.readString(output)).isBefore(deadline);
                server.waitFor(50, TimeUnit.MILLISECONDS);
                address = ADDRESS.matcher(Files.readString(output));
            }
            assertThat(run("curl -sf " + address.group() + "/health").exitCode())
                    .as(command)
                    .isZero();
            Processes.finish(Duration.ofSeconds(10), Map.of(), List.of("kill", "-INT", String.valueOf(server.pid())));
            assertThat(server.waitFor(40, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    private Processes.Finished run(String command) {
        return Processes.finish(PATIENCE, Map.of(), List.of("bash", "-c", "cd '%s' && %s".formatted(folder, command)));
    }

    private static String readme() throws IOException {
        return Files.readString(Needs.root().resolve("README.md"));
    }

    /** The lines of all shell blocks, and the commands within sentences, without comments. */
    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Snippets.Snippet block : Snippets.of("README.md")) {
            if (block.language().equals("sh")) {
                block.text()
                        .lines()
                        .map(line -> line.replaceFirst("\\s+#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .forEach(commands::add);
            }
        }
        Matcher inline = INLINE.matcher(readme());
        while (inline.find()) {
            commands.add(inline.group(1));
        }
        return commands;
    }
}
