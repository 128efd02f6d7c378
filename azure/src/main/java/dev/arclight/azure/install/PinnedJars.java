package dev.arclight.azure.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.spark.util.MavenUtils;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Jars of Maven artifacts, each with its SHA-256, in the folder {@code lib} of an add-on: the launcher puts those of
 * every folder that has the mark {@code .complete} at the end of the class path. Fetched as Spark's {@code --packages}
 * are, through the user's local Maven repository and the default repository (or the one that
 * {@code DEFAULT_ARTIFACT_REPOSITORY} names).
 */
final class PinnedJars {
    private static final String COMPLETE = ".complete";

    /** One line: {@code group:artifact:version sha256}. */
    private record Pin(String coordinates, String sha256) {
        Pin {
            if (!coordinates.matches("[^:]+:[^:]+:[^:]+") || !sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("Not a pin: " + coordinates + " " + sha256);
            }
        }

        String fileName() {
            int version = coordinates.lastIndexOf(':');
            String artifact = coordinates.substring(coordinates.indexOf(':') + 1, version);
            return artifact + "-" + coordinates.substring(version + 1) + ".jar";
        }
    }

    private final String text;
    private final List<Pin> pins;

    private PinnedJars(String text, List<Pin> pins) {
        this.text = text;
        this.pins = pins;
    }

    /** @param text one {@code group:artifact:version sha256} a line; lines that begin with # are comments */
    static PinnedJars of(String text) {
        List<Pin> pins = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> new Pin(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)))
                .toList();
        return new PinnedJars(text, pins);
    }

    /**
     * Installs, unless the same is there.
     *
     * @throws ArclightException UNAVAILABLE if an artifact cannot be had; BAD_STATE if one is not what was pinned
     */
    void install(Path folder, Progress.Task task) throws IOException {
        Files.createDirectories(folder);
        Path library = folder.resolve("lib");
        Path mark = library.resolve(COMPLETE);
        try (RandomAccessFile lock = new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
                FileLock held = lock.getChannel().lock()) {
            Objects.requireNonNull(held);
            if (Files.exists(mark) && Files.readString(mark).equals(text)) {
                task.note("already there");
                return;
            }
            List<Path> fetched = fetch(folder.resolve("ivy"));
            AtomicFiles.replaceDirectory(library, fresh -> {
                for (Pin pin : pins) {
                    Files.copy(found(pin, fetched), fresh.resolve(pin.fileName()));
                    task.advance(1);
                }
                Files.writeString(fresh.resolve(COMPLETE), text);
            });
            AtomicFiles.deleteTree(folder.resolve("ivy"));
        }
    }

    private List<Path> fetch(Path cache) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        String all = String.join(",", pins.stream().map(Pin::coordinates).toList());
        try {
            Seq<String> none = CollectionConverters.asScala(List.<String>of()).toSeq();
            Seq<String> paths = MavenUtils.resolveMavenCoordinates(
                    all,
                    MavenUtils.buildIvySettings(Option.<String>empty(), Option.apply(cache.toString()), true, to),
                    Option.empty(),
                    false,
                    none,
                    false,
                    to);
            List<Path> files = new ArrayList<>();
            CollectionConverters.asJava(paths).forEach(path -> files.add(Path.of(path)));
            return files;
        } catch (RuntimeException e) { // Ivy's, with everything it tried in its output
            String why = said.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("not found") || line.contains("Server access error"))
                    .findFirst()
                    .orElse(String.valueOf(e.getMessage()));
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot fetch the jars: %s; where the default repository is out of reach, name another one by %s"
                            .formatted(why.strip(), "DEFAULT_ARTIFACT_REPOSITORY"),
                    e);
        }
    }

    /** Ivy names files its own way: what it fetched is known by its content. */
    private static Path found(Pin pin, List<Path> fetched) throws IOException {
        for (Path file : fetched) {
            if (file.getFileName().toString().endsWith(pin.fileName())) {
                String sum = sha256(file);
                if (!sum.equals(pin.sha256())) {
                    throw new ArclightException(
                            ErrorCode.BAD_STATE,
                            "%s is not what was pinned: its SHA-256 is %s, expected %s; nothing was installed"
                                    .formatted(pin.coordinates(), sum, pin.sha256()));
                }
                return file;
            }
        }
        throw new ArclightException(ErrorCode.UNAVAILABLE, "No jar came for " + pin.coordinates());
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
