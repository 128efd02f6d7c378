package dev.arclight.track.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.testing.Snippets;
import dev.arclight.testing.Snippets.Snippet;
import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Every snippet of {@code docs/from-mlflow.md} runs, in the order in which it stands there. */
@Tag("full")
final class FromMlflowIT {
    private static final String IMPORTS = """
            import dev.arclight.track.*;
            import java.nio.charset.StandardCharsets;
            import java.time.Duration;
            import java.util.*;
            """;
    private static final String ADDRESS = "http://127.0.0.1:5000";
    private static final Duration PYTHON = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    @Timeout(280)
    void everySnippetRuns() throws Exception {
        PythonEnvironment python = PythonEnvironment.open("mlflow-3.17");
        List<Snippet> snippets = Snippets.of("docs/from-mlflow.md");
        assertThat(snippets).extracting(Snippet::language).contains("python", "java", "sh");
        try (Tracking tracking = Tracking.open(folder.resolve("store").toString());
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start()) {
            String address = server.uri().toString();
            StringBuilder script = new StringBuilder(); // Python's snippets are one session
            for (Snippet snippet : snippets) {
                String text = snippet.text().replace(ADDRESS, address);
                switch (snippet.language()) {
                    case "python" -> script.append(text).append('\n');
                    case "java" -> {
                        python(python, script);
                        Snippets.runJava(folder, IMPORTS, text, Map.of());
                    }
                    case "sh" -> {
                        python(python, script);
                        for (String line : text.lines().toList()) {
                            command(line);
                        }
                    }
                    default -> throw new AssertionError("No way to run " + snippet.language());
                }
            }
            python(python, script);
        }
    }

    private void python(PythonEnvironment python, StringBuilder script) throws IOException {
        if (!script.isEmpty()) {
            Path file = folder.resolve("snippet.py");
            Files.writeString(file, script);
            python.run(PYTHON, file);
            script.setLength(0);
        }
    }

    private static void command(String line) throws Exception {
        List<String> words = Snippets.words(line);
        assertThat(words.remove(0)).isEqualTo("arclight");
        CommandLine commands =
                new CommandLine(CommandLine.Model.CommandSpec.create().name("arclight"));
        for (ArclightCommand command : ServiceLoader.load(ArclightCommand.class)) {
            commands.addSubcommand(command);
        }
        ParseResult result = commands.parseArgs(words.toArray(String[]::new));
        while (result.hasSubcommand()) {
            result = result.subcommand();
        }
        if (words.get(0).equals("tracking")) {
            return; // the server is up; its options have just been parsed
        }
        StringWriter out = new StringWriter();
        try (Cleanup cleanup = new Cleanup()) {
            PrintWriter writer = new PrintWriter(out, true);
            ArclightCommand command = (ArclightCommand) result.commandSpec().userObject();
            int exit = command.run(
                    new CommandContext(writer, writer, Progress.NONE, Settings.of(Map.of(), Map.of()), cleanup, false));
            assertThat(exit).isZero();
        }
        assertThat(out.toString()).as(line).isNotBlank();
    }
}
