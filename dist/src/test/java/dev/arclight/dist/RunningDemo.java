package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code arclight demo wine}, or another command, as a user runs it, in a process that can be watched and interrupted.
 */
final class RunningDemo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path output;
    private final Path errors;

    private RunningDemo(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Starts the demo; its streams go to files in {@code logs}. */
    static RunningDemo start(Path logs, Object... arguments) throws IOException {
        List<Object> all = new ArrayList<>(List.of("demo", "wine"));
        all.addAll(List.of(arguments));
        return command(logs, all);
    }

    /** Starts {@code arclight} with {@code arguments}; its streams go to files in {@code logs}. */
    static RunningDemo command(Path logs, List<?> arguments) throws IOException {
        // A test run in the background inherits that SIGINT is ignored; a user's terminal does not.
        List<String> command = new ArrayList<>(
                List.of("env", "--default-signal=INT", Launcher.path().toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = logs.resolve("stdout.txt");
        Path errors = logs.resolve("stderr.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        return new RunningDemo(process, output, errors);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Waits until the terminal shows {@code text}. */
    void awaitStep(String text) throws IOException, InterruptedException {
        await(errors, text);
    }

    /** Waits until {@code text} is printed on standard output. */
    void awaitOutput(String text) throws IOException, InterruptedException {
        await(output, text);
    }

    private void await(Path file, String text) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!Files.readString(file).contains(text)) {
            assertThat(process.isAlive()).as("alive, having said: " + errors()).isTrue();
            assertThat(Instant.now()).as("still waiting for '%s'", text).isBefore(deadline);
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** Sends Ctrl-C, waits for the end and for that of the children; the exit code. */
    int interrupt() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        Processes.finish(Duration.ofSeconds(10), Map.of(), List.of("kill", "-INT", String.valueOf(process.pid())));
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
