package dev.arclight.track;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files below the artifact URI of a run ({@link Run#artifactUri()}) or logged model
 * ({@link LoggedModel#artifactUri()}).
 *
 * <p>Paths are relative, with {@code /} between parts; one that would leave its root ({@code ..}, absolute, a link that
 * leads out) is refused as BAD_INPUT. A file appears whole or not at all. Safe for use by many threads.
 */
public interface Artifacts extends AutoCloseable {
    /** What lies directly in folder {@code path} ({@code ""} for the root), by name; empty if there is nothing. */
    List<ArtifactEntry> list(String root, String path) throws IOException;

    /**
     * The content of a file.
     *
     * @return closed by the caller
     * @throws dev.arclight.base.ArclightException NOT_FOUND if there is no such file
     */
    InputStream open(String root, String path) throws IOException;

    /** Writes or replaces a file. */
    void write(String root, String path, AtomicFiles.FileWriter writer) throws IOException;

    /**
     * Copies a local file, or what is in a local folder, to {@code path} ({@code ""} for the root, for a folder only).
     */
    default void upload(String root, Path local, String path) throws IOException {
        if (Files.isRegularFile(local)) {
            write(root, path, out -> Files.copy(local, out));
            return;
        }
        if (!Files.isDirectory(local)) {
            throw ArclightException.notFound(
                    "There is no file or folder %s to be stored as an artifact".formatted(local));
        }
        List<Path> files;
        try (Stream<Path> tree = Files.walk(local, FileVisitOption.FOLLOW_LINKS)) {
            files = tree.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            String relative = local.relativize(file).toString().replace('\\', '/');
            upload(root, file, path.isEmpty() ? relative : path + "/" + relative);
        }
    }

    /** Deletes a file or a folder with all in it; nothing happens if there is none. */
    void delete(String root, String path) throws IOException;

    /**
     * A file or folder on the local disk: the store's own where that is local (change nothing), else a copy that lives
     * until the store is closed.
     *
     * @throws dev.arclight.base.ArclightException NOT_FOUND if there is none
     */
    Path local(String root, String path) throws IOException;

    /**
     * Works with a file or folder on the local disk: the store's own where that is local (change nothing), else a copy
     * that is deleted when this returns.
     *
     * @throws dev.arclight.base.ArclightException NOT_FOUND if there is none
     */
    default <T> T withLocal(String root, String path, FileWork<T> work) throws IOException {
        return work.with(local(root, path));
    }

    /** Releases what is held, such as local copies; called by the store that these artifacts belong to. */
    @Override
    default void close() {}
}
