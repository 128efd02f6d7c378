package dev.arclight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs from tests, each with a time-out. */
public final class Processes {
    private Processes() {}

    /**
     * Runs {@code command} to its end.
     *
     * @return what it printed on standard output
     * @throws AssertionError if it exits non-zero or takes longer than {@code timeout}
     */
    public static String run(Duration timeout, Map<String, String> environment, List<String> command) {
        Finished finished = finish(timeout, environment, command);
        if (finished.exitCode() != 0) {
            throw new AssertionError("%s: exit %d\n%s\n%s"
                    .formatted(command, finished.exitCode(), finished.output(), finished.errors()));
        }
        return finished.output();
    }

    /** Runs {@code command} to its end, whatever its exit code. */
    public static Finished finish(Duration timeout, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("arclight-test", ".out");
            Path errors = Files.createTempFile("arclight-test", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError("%s: not done after %s\n%s\n%s"
                            .formatted(command, timeout, Files.readString(output), Files.readString(errors)));
                }
                return new Finished(process.exitValue(), Files.readString(output), Files.readString(errors));
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while running " + command, e);
        }
    }

    /**
     * How a program ended.
     *
     * @param exitCode 0 for success
     * @param output all of standard output
     * @param errors all of standard error
     */
    public record Finished(int exitCode, String output, String errors) {}
}
