package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Sha256;
import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * PyTorch's native library and its Java bindings, from the repository that the user's own Maven is set up for. Public
 * for the service loader.
 */
public final class TorchAddOn implements AddOn {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies";

    /** One file, as a line of {@code torch-pins.txt} says. */
    record Pin(String group, String artifact, String version, String classifier, String sha256) {
        static Pin of(String line) {
            String[] words = line.split(" ", -1);
            return new Pin(words[0], words[1], words[2], words[3].equals("-") ? "" : words[3], words[4]);
        }

        String file() {
            return "%s-%s%s.jar".formatted(artifact, version, classifier.isEmpty() ? "" : "-" + classifier);
        }

        String dependency() {
            return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>"
                    .formatted(
                            group,
                            artifact,
                            version,
                            classifier.isEmpty() ? "" : "<classifier>" + classifier + "</classifier>");
        }
    }

    @Override
    public String name() {
        return "torch";
    }

    @Override
    public String description() {
        return "PyTorch 2.10.0 for training on the JVM (113 MB, 480 MB once unpacked; Linux x86-64; needs Maven)";
    }

    @Override
    public void install(Path folder, Map<String, String> environment, CommandContext context)
            throws InterruptedException {
        try (Progress.Task task = context.progress().start("installing PyTorch", 0, "files")) {
            try {
                List<Pin> pins = pins();
                Path lib = folder.resolve(TorchLibrary.LIB);
                if (Files.isDirectory(lib) && damaged(lib, pins).isEmpty()) {
                    task.note("already there");
                    return;
                }
                AtomicFiles.replaceDirectory(lib, target -> fill(target, pins, environment));
            } catch (RuntimeException e) {
                task.fail(String.valueOf(e.getMessage()));
                throw e;
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot install PyTorch in %s: %s".formatted(folder, e.getMessage()), e);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("Installing PyTorch was interrupted");
        }
    }

    private static void fill(Path target, List<Pin> pins, Map<String, String> environment) throws IOException {
        Path work = Files.createTempDirectory("arclight-install");
        try {
            Path project = work.resolve("pom.xml");
            StringBuilder dependencies = new StringBuilder();
            pins.forEach(pin -> dependencies.append(pin.dependency()));
            Files.writeString(
                    project,
                    "<project><modelVersion>4.0.0</modelVersion><groupId>arclight</groupId><artifactId>torch</artifactId><version>1</version><dependencies>%s</dependencies></project>"
                            .formatted(dependencies));
            run(
                    List.of(
                            "mvn",
                            "-B",
                            "-q",
                            "-f",
                            project.toString(),
                            COPY,
                            "-DoutputDirectory=" + target,
                            "-DexcludeTransitive=true"),
                    environment,
                    work.resolve("output.log"));
        } finally {
            AtomicFiles.deleteTree(work);
        }
        List<String> damaged = damaged(target, pins);
        if (!damaged.isEmpty()) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Maven brought other files than those that were tested: the SHA-256 of %s differs from torch-pins.txt. Nothing was installed: remove them from Maven's local repository and try again"
                            .formatted(damaged));
        }
    }

    /** Names of files that are missing or have other content. */
    static List<String> damaged(Path lib, List<Pin> pins) {
        return pins.stream()
                .filter(pin -> !holds(lib.resolve(pin.file()), pin))
                .map(Pin::file)
                .toList();
    }

    private static void run(List<String> command, Map<String, String> environment, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "Installing PyTorch needs Maven 3.8.7 or newer, and there is no mvn on the PATH",
                    e);
        }
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT, "Maven did not bring PyTorch within %s".formatted(LIMIT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "Installing PyTorch was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Maven could not bring PyTorch: %s"
                            .formatted(Files.readString(output)
                                    .lines()
                                    .filter(line -> line.contains("ERROR"))
                                    .findFirst()
                                    .orElse("exit code " + process.exitValue())));
        }
    }

    private static boolean holds(Path file, Pin pin) {
        try {
            return Files.isRegularFile(file) && Sha256.of(file).equals(pin.sha256());
        } catch (IOException e) { // unreadable: fetched anew
            return false;
        }
    }

    static List<Pin> pins() throws IOException {
        try (InputStream in = TorchAddOn.class.getResourceAsStream("torch-pins.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Pin::of)
                    .toList();
        }
    }
}
