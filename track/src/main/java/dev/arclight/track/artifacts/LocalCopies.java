package dev.arclight.track.artifacts;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.track.FileWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies on the local disk of artifacts that lie elsewhere, in a temporary folder that is deleted by {@link #close};
 * those of {@link #with} are deleted before. Safe for use by many threads.
 */
public final class LocalCopies implements AutoCloseable {
    private final Object lock = new Object();
    private @Nullable Path folder;
    private boolean closed;

    /** Fetches one file from where it lies. */
    @FunctionalInterface
    public interface Fetch {
        /**
         * Writes the content of {@code path} to {@code target}, which does not exist yet.
         *
         * @throws ArclightException NOT_FOUND if there is no such file
         */
        void fetch(String path, Path target) throws IOException;
    }

    /**
     * Copies a file or a folder.
     *
     * @param from lists what there is to copy
     * @param root of the artifacts, see {@link Artifacts}
     * @param path below it
     * @return where the copy lies
     * @throws ArclightException NOT_FOUND if there is none
     */
    public Path copy(Artifacts from, String root, String path, Fetch fetch) throws IOException {
        Path folder = Files.createTempDirectory(folder(), "copy");
        try {
            return fill(folder, from, root, path, fetch);
        } catch (IOException | RuntimeException | Error e) {
            delete(folder);
            throw e;
        }
    }

    /** Works with such a copy, which is deleted when this returns. */
    public <T> T with(Artifacts from, String root, String path, Fetch fetch, FileWork<T> work) throws IOException {
        Path folder = Files.createTempDirectory(folder(), "copy");
        try {
            return work.with(fill(folder, from, root, path, fetch));
        } finally {
            delete(folder);
        }
    }

    private static Path fill(Path folder, Artifacts from, String root, String path, Fetch fetch) throws IOException {
        Path target = path.isEmpty() ? folder : ArtifactPath.below(folder, path);
        List<ArtifactEntry> entries = from.list(root, path);
        if (!entries.isEmpty()) {
            Files.createDirectories(target);
            copyAll(from, root, entries, folder, fetch);
        } else if (path.isEmpty()) {
            throw notFound("There are no artifacts at %s".formatted(root));
        } else {
            Path parent = target.getParent();
            Files.createDirectories(parent == null ? folder : parent);
            fetch.fetch(path, target);
        }
        return target;
    }

    /** A new empty file. */
    public Path newFile(String prefix) throws IOException {
        return Files.createTempFile(folder(), prefix, ".part");
    }

    /** Deletes all copies. Idempotent. */
    @Override
    public void close() {
        Path made;
        synchronized (lock) {
            closed = true;
            made = folder;
            folder = null;
        }
        if (made != null) {
            delete(made);
        }
    }

    private static void delete(Path made) {
        try {
            AtomicFiles.deleteTree(made);
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(LocalCopies.class)
                    .warn("Downloads stay in {}: they could not be deleted", made, e);
        }
    }

    /**
     * Refuses the root, where the path of one file is expected.
     *
     * @throws ArclightException BAD_INPUT
     */
    public static void refuseRoot(String path) {
        if (path.isEmpty()) {
            throw badInput("An artifact needs a path, such as charts/importances.json");
        }
    }

    private static void copyAll(Artifacts from, String root, List<ArtifactEntry> entries, Path copies, Fetch fetch)
            throws IOException {
        for (ArtifactEntry entry : entries) {
            ArtifactPath.check(entry.path()); // a server could name what lies elsewhere
            Path target = ArtifactPath.below(copies, entry.path());
            if (entry.isDirectory()) {
                Files.createDirectories(target);
                copyAll(from, root, from.list(root, entry.path()), copies, fetch);
            } else {
                fetch.fetch(entry.path(), target);
            }
        }
    }

    private Path folder() throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new ArclightException(ErrorCode.BAD_STATE, "This tracking client is closed");
            }
            if (folder == null) {
                folder = Files.createTempDirectory("arclight-artifacts");
            }
            return folder;
        }
    }
}
