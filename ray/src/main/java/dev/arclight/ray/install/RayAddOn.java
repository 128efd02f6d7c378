package dev.arclight.ray.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Ray in a Python environment of its own, from the registry that the user's pip is set up for. */
public final class RayAddOn implements AddOn {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final List<String> PYTHONS = List.of("python3.12", "python3.11", "python3");

    @Override
    public String name() {
        return "ray";
    }

    @Override
    public String description() {
        return "Ray 2.60.0 in a Python environment of its own (85 MB; needs Python 3.11 or 3.12)";
    }

    @Override
    public void install(Path folder, Map<String, String> environment, CommandContext context)
            throws InterruptedException {
        Path python = python(environment);
        Path target = folder.resolve("python");
        Path complete = target.resolve(".complete");
        try (Progress.Task task = context.progress().start("installing Ray", 0, "packages")) {
            Files.createDirectories(folder);
            try (RandomAccessFile lock =
                            new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
                    FileLock held = lock.getChannel().lock()) {
                Objects.requireNonNull(held);
                String pins = pins();
                if (Files.exists(complete) && Files.readString(complete).equals(pins)) {
                    task.note("already there");
                    return;
                }
                AtomicFiles.deleteTree(target); // a virtual environment cannot be moved into place
                run(environment, List.of(python.toString(), "-m", "venv", target.toString()));
                Path requirements = folder.resolve("pins.txt");
                AtomicFiles.write(requirements, pins);
                run(
                        environment,
                        List.of(
                                target.resolve("bin/python").toString(),
                                "-m",
                                "pip",
                                "install",
                                "-q",
                                "--disable-pip-version-check",
                                "--no-deps",
                                "--only-binary=:all:",
                                "--require-hashes",
                                "-r",
                                requirements.toString()));
                AtomicFiles.write(complete, pins);
            } catch (RuntimeException e) {
                task.fail(String.valueOf(e.getMessage()));
                throw e;
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot install Ray in %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static Path python(Map<String, String> environment) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        for (String name : PYTHONS) {
            for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
                Path candidate = Path.of(folder, name);
                if (folder.isEmpty() || !Files.isExecutable(candidate)) {
                    continue;
                }
                String version = version(environment, candidate);
                if (version.equals("3.11") || version.equals("3.12")) {
                    return candidate;
                }
                seen.add(candidate + " is " + version);
            }
        }
        throw ArclightException.notFound("Ray 2.60.0 needs Python 3.11 or 3.12, and there is none on the PATH%s"
                .formatted(seen.isEmpty() ? "" : " (" + String.join(", ", seen) + ")"));
    }

    private static String version(Map<String, String> environment, Path python) throws InterruptedException {
        try {
            return run(
                            environment,
                            List.of(python.toString(), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"))
                    .strip();
        } catch (ArclightException e) {
            return "unusable"; // such as pyenv's stand-in for a version that is not installed
        }
    }

    private static String run(Map<String, String> environment, List<String> command) throws InterruptedException {
        try {
            Path output = Files.createTempFile("arclight-install", ".log");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().clear();
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new ArclightException(
                            ErrorCode.TIMEOUT, "%s took longer than %s".formatted(command.get(0), LIMIT));
                }
                String said = Files.readString(output);
                if (process.exitValue() != 0) {
                    throw new ArclightException(
                            ErrorCode.UNAVAILABLE,
                            "%s ended with exit code %d: %s"
                                    .formatted(
                                            String.join(" ", command.subList(0, Math.min(4, command.size()))),
                                            process.exitValue(),
                                            lastLine(said)));
                }
                return said;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot run %s: %s".formatted(command.get(0), e.getMessage()), e);
        }
    }

    private static String lastLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("it said nothing");
    }

    private static String pins() throws IOException {
        try (InputStream in = RayAddOn.class.getResourceAsStream("ray-pins.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
