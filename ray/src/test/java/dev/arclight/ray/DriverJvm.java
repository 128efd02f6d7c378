package dev.arclight.ray;

import dev.arclight.engine.JvmOptions;
import dev.arclight.testing.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drivers in JVMs of their own: Ray's native library holds one jar and one token a process. */
final class DriverJvm {
    private DriverJvm() {}

    /** Runs {@code main} to its end, whatever its exit code. */
    static Processes.Finished run(Map<String, String> environment, Class<?> main, String... arguments) {
        return Processes.finish(Duration.ofMinutes(4), environment, command(main, arguments));
    }

    /** Starts {@code main}; owned by the caller. */
    static Process start(Map<String, String> environment, Path log, Class<?> main, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(main, arguments))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a driver that was started wrote to its log so far. */
    static String said(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        command.addAll(JvmOptions.all());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
