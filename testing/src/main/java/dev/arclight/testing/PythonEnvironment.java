package dev.arclight.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Python virtual environment with pinned packages, made on first use from {@code src/main/resources/python/NAME.txt}
 * of this module and kept in the user's cache. Safe for use by many processes.
 */
public final class PythonEnvironment {
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(15);

    private final Path folder;

    private PythonEnvironment(Path folder) {
        this.folder = folder;
    }

    /** Opens environment {@code name}, installing it if needed; skips the test where there is no Python 3.10+. */
    public static PythonEnvironment open(String name) {
        Path python = Needs.program("python3", "python");
        String pins = pins(name);
        return new PythonEnvironment(
                InstalledOnce.folder("test-python", name, pins, folder -> install(python, pins, folder)));
    }

    /** The interpreter. */
    public Path python() {
        return folder.resolve("bin/python");
    }

    /** A program that a package brought, such as {@code mlflow}. */
    public Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /**
     * Runs {@code python arguments...} to its end.
     *
     * @return what it printed on standard output
     * @throws AssertionError if it exits non-zero or takes longer than {@code timeout}; holds the whole output
     */
    public String run(Duration timeout, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(python().toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return Processes.run(timeout, Map.of("MLFLOW_DISABLE_TELEMETRY", "true", "PYTHONWARNINGS", "ignore"), command);
    }

    private static void install(Path python, String pins, Path folder) throws IOException {
        Processes.run(
                INSTALL_TIMEOUT, Map.of(), List.of(python.toString(), "-m", "venv", "--clear", folder.toString()));
        Path requirements = folder.resolve("requirements.txt");
        Files.writeString(requirements, pins);
        Processes.run(
                INSTALL_TIMEOUT,
                Map.of(),
                List.of(
                        folder.resolve("bin/python").toString(),
                        "-m",
                        "pip",
                        "install",
                        "-q",
                        "--disable-pip-version-check",
                        "--no-deps",
                        "-r",
                        requirements.toString()));
    }

    private static String pins(String name) {
        try (InputStream in = PythonEnvironment.class.getResourceAsStream("/python/" + name + ".txt")) {
            if (in == null) {
                throw new IllegalArgumentException("No pins for Python environment " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
