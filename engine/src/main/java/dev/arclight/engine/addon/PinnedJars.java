package dev.arclight.engine.addon;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Sha256;
import dev.arclight.base.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.ivy.core.settings.IvySettings;
import org.apache.spark.util.MavenUtils;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The jars of an add-on, fetched as Spark's {@code --packages} are: from the user's local Maven repository, else from
 * the one that {@code DEFAULT_ARTIFACT_REPOSITORY} names, else from Spark's default. Immutable.
 */
public final class PinnedJars {
    private static final String COMPLETE = ".complete";
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final List<PinnedJar> pins;

    private PinnedJars(List<PinnedJar> pins) {
        this.pins = List.copyOf(pins);
    }

    /** The jars of one add-on. */
    public static PinnedJars of(List<PinnedJar> pins) {
        return new PinnedJars(pins);
    }

    /**
     * The jars that a text names.
     *
     * @param text one {@code group:artifact:version[:classifier] sha256} a line; lines that begin with # are comments
     */
    public static PinnedJars parse(String text) {
        return of(text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .map(words -> new PinnedJar(words[0], words[1]))
                .toList());
    }

    /**
     * Installs the jars and, beside them, a mark {@code .complete}, unless the same are there. The launcher puts the
     * jars of every add-on that has them in a folder {@code lib} at the end of the class path.
     *
     * @param name of the add-on
     * @param folder of the jars, replaced as a whole; a folder beside it is worked in
     * @throws ArclightException UNAVAILABLE if one cannot be had, BAD_STATE if one is not what was pinned; then what
     *     was there before stays
     */
    public void install(String name, Path folder, Progress progress) {
        try (Progress.Task task = progress.start("installing " + name, pins.size(), "jars")) {
            try {
                install(folder, task);
            } catch (RuntimeException e) {
                task.fail(String.valueOf(e.getMessage()));
                throw e;
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot install %s in %s: %s".formatted(name, folder, e.getMessage()), e);
        }
    }

    /** Whether these jars, and no others, were installed in the folder. */
    public boolean isInstalled(Path folder) {
        try {
            Path mark = folder.resolve(COMPLETE);
            return Files.exists(mark) && Files.readString(mark).equals(text());
        } catch (IOException e) { // unreadable: an installation tells why
            return false;
        }
    }

    private String text() {
        return pins.stream()
                .map(pin -> pin.coordinates() + " " + pin.sha256() + "\n")
                .collect(Collectors.joining());
    }

    private void install(Path folder, Progress.Task task) throws IOException {
        Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent());
        Files.createDirectories(parent);
        try (RandomAccessFile lock = new RandomAccessFile(parent.resolve("lock").toFile(), "rw");
                FileLock held = held(lock.getChannel(), parent)) {
            Objects.requireNonNull(held);
            if (isInstalled(folder)) {
                task.note("already there");
                return;
            }
            Path cache = parent.resolve("ivy");
            try {
                List<Path> fetched = fetch(cache);
                AtomicFiles.replaceDirectory(folder, fresh -> {
                    for (PinnedJar pin : pins) {
                        Files.copy(found(pin, fetched), fresh.resolve(pin.fileName()));
                        task.advance(1);
                    }
                    Files.writeString(fresh.resolve(COMPLETE), text());
                });
            } finally {
                AtomicFiles.deleteTree(cache);
            }
        }
    }

    /** Another program may fetch the same jars; not for ever. */
    private static FileLock held(FileChannel channel, Path parent) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // Another thread of this program: the same as another program.
            }
            if (System.nanoTime() > deadline) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT,
                        "Another program has been installing into %s for %d minutes: end it, or try again later"
                                .formatted(parent, PATIENCE.toMinutes()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            if (Thread.currentThread().isInterrupted()) {
                throw new ArclightException(
                        ErrorCode.CANCELLED, "Interrupted while another program installs into " + parent);
            }
        }
    }

    private List<Path> fetch(Path cache) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        String all = pins.stream()
                .filter(PinnedJar::isPlain)
                .map(PinnedJar::coordinates)
                .collect(Collectors.joining(","));
        try {
            List<Path> files = new ArrayList<>();
            if (!all.isEmpty()) {
                Seq<String> none =
                        CollectionConverters.asScala(List.<String>of()).toSeq();
                Seq<String> paths = MavenUtils.resolveMavenCoordinates(
                        all, settings(cache, to), Option.empty(), false, none, false, to);
                CollectionConverters.asJava(paths).forEach(path -> files.add(Path.of(path)));
            }
            List<PinnedJar> classified =
                    pins.stream().filter(pin -> !pin.isPlain()).toList();
            if (!classified.isEmpty()) {
                files.addAll(ClassifiedJars.fetch(settings(cache, to), classified, to));
            }
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

    private static IvySettings settings(Path cache, PrintStream to) {
        return MavenUtils.buildIvySettings(Option.<String>empty(), Option.apply(cache.toString()), true, to);
    }

    /** Ivy puts the group in front of a file's name. */
    private static Path found(PinnedJar pin, List<Path> fetched) throws IOException {
        for (Path file : fetched) {
            if (file.getFileName().toString().endsWith(pin.fileName())) {
                String sum = Sha256.of(file);
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
}
