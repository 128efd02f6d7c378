package dev.arclight.track.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Every snippet of {@code docs/from-mlflow.md} runs, in the order in which it stands there. */
@Tag("full")
final class FromMlflowIT {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final String ADDRESS = "http://127.0.0.1:5000";
    private static final Duration PYTHON = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private record Snippet(String language, String text) {}

    @Test
    @Timeout(200)
    void everySnippetRuns() throws Exception {
        PythonEnvironment python = PythonEnvironment.open("mlflow-3.17");
        List<Snippet> snippets = snippets();
        assertThat(snippets).extracting(Snippet::language).contains("python", "java", "sh");
        try (Tracking tracking = Tracking.open(folder.resolve("store").toString());
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start()) {
            String address = server.uri().toString();
            StringBuilder script = new StringBuilder(); // Python's snippets are one session
            int blocks = 0;
            for (Snippet snippet : snippets) {
                String text = snippet.text().replace(ADDRESS, address);
                switch (snippet.language()) {
                    case "python" -> script.append(text).append('\n');
                    case "java" -> {
                        python(python, script);
                        java(text, "Snippet" + blocks++);
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

    private void java(String body, String name) throws Exception {
        String source = """
                import dev.arclight.track.*;
                import java.nio.charset.StandardCharsets;
                import java.time.Duration;
                import java.util.*;

                public class %s implements Runnable {
                    public void run() {
                        try {
                            body();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }

                    static void check(boolean holds) {
                        if (!holds) {
                            throw new AssertionError("The snippet's check fails");
                        }
                    }

                    private void body() throws Exception {
                        %s
                    }
                }
                """.formatted(name, body);
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of(
                                "-classpath",
                                System.getProperty("java.class.path"),
                                "-d",
                                folder.toString(),
                                "-proc:none"),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as("%s%n%s", body, messages).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, FromMlflowIT.class.getClassLoader())) {
            ((Runnable) loader.loadClass(name).getDeclaredConstructor().newInstance()).run();
        }
    }

    private static void command(String line) throws Exception {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
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

    private static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Matcher matcher = FENCE.matcher(Files.readString(Needs.root().resolve("docs/from-mlflow.md")));
        while (matcher.find()) {
            snippets.add(new Snippet(matcher.group(1), matcher.group(2)));
        }
        return snippets;
    }
}
