package dev.arclight.examples.wine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo writes, one run at a time. What it makes is staged in a hidden folder and moved into place at the end,
 * so that a run that fails or is stopped leaves the output of the one before; one that is killed while it moves is
 * finished by the next. The tracking store is not staged: runs that were stopped are to be found there.
 */
final class OutputFolder implements AutoCloseable {
    private static final String STAGING = ".staging-";
    private static final String UNFINISHED = "{" + STAGING + "*,.*.tmp}"; // and what AtomicFiles writes
    private static final String PUBLISHING = "publishing";
    private static final String LOCK = ".lock";

    private final Path folder;
    private final Path staging;
    private final FileChannel lock;

    private OutputFolder(Path folder, Path staging, FileChannel lock) {
        this.folder = folder;
        this.staging = staging;
        this.lock = lock;
    }

    /**
     * Makes the folder if needed, and a staging folder in it; ends what a killed run left.
     *
     * @throws ArclightException BAD_INPUT if it cannot be written to, or holds what no run has made, which then stays
     *     as it is; BAD_STATE if another run writes to it
     */
    static OutputFolder open(Path folder) {
        @Nullable FileChannel lock = null;
        try {
            Files.createDirectories(folder);
            boolean used = Files.exists(folder.resolve(LOCK));
            if (!used) {
                requireNothingElse(folder);
            }
            lock = lock(folder);
            if (used) {
                endKilledRuns(folder);
            }
            Path staging = Files.createDirectory(folder.resolve(STAGING + UUID.randomUUID()));
            return new OutputFolder(folder, staging, lock);
        } catch (FileAlreadyExistsException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "The output folder %s is a file: name another one by --out".formatted(folder),
                    e);
        } catch (IOException e) {
            closeQuietly(lock, e);
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "Cannot write to the output folder %s (%s): check its owner and mode, or name another one by --out"
                            .formatted(folder, e.getClass().getSimpleName()),
                    e);
        }
    }

    /**
     * A run replaces {@code data}, {@code batch} and more: in a folder that no run has written to, these are somebody
     * else's. A tracking store and a log may come before the first run, data and scores from the example in Java.
     */
    private static void requireNothingElse(Path folder) throws IOException {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            for (Path one : content) {
                String name = one.getFileName().toString();
                boolean known = name.startsWith(".")
                        || name.equals("tracking")
                        || name.startsWith("arclight.log")
                        || name.equals("lost+found")
                        || (name.equals("data") && Files.exists(one.resolve("unseen-red.csv")))
                        || (name.equals("batch") && Files.exists(one.resolve("_SUCCESS")));
                if (!known) {
                    throw ArclightException.badInput(
                            "The output folder %s holds '%s', which no run of the demo has made, and a run replaces what is there: name an empty or a new folder by --out"
                                    .formatted(folder, name));
                }
            }
        }
    }

    /** Held until the process ends, however it ends: what lies in the folder unlocked is of a run that is no more. */
    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null; // another thread of this process
        }
        if (held == null) {
            channel.close();
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Another run is writing to the output folder %s: wait for it, or name another one by --out"
                            .formatted(folder));
        }
        return channel;
    }

    private static void endKilledRuns(Path folder) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNFINISHED)) {
            for (Path staging : left) {
                Path publishing = staging.resolve(PUBLISHING);
                if (Files.exists(publishing)) {
                    move(staging, folder, Files.readAllLines(publishing));
                }
                AtomicFiles.deleteTree(staging);
            }
        }
    }

    Path folder() {
        return folder;
    }

    /** Where {@code name} is to be written before {@link #publish}. */
    Path staged(String name) {
        return staging.resolve(name);
    }

    /** Moves what is staged into place, each piece by one rename; all of them or, until the next run, some. */
    void publish(List<String> names) throws IOException {
        AtomicFiles.write(staging.resolve(PUBLISHING), String.join("\n", names));
        move(staging, folder, names);
    }

    /** What is moved already is skipped, so that this can be done again. */
    private static void move(Path staging, Path folder, List<String> names) throws IOException {
        for (String name : names) {
            Path source = staging.resolve(name);
            Path target = folder.resolve(name);
            if (Files.notExists(source)) {
                continue;
            }
            if (Files.isDirectory(source) && Files.exists(target)) {
                Path old = staging.resolve("old-" + name);
                AtomicFiles.deleteTree(old);
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes the staging folder with what was not published, and lets the next run in. */
    @Override
    public void close() throws IOException {
        try (lock) {
            AtomicFiles.deleteTree(staging);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel, IOException why) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }
}
