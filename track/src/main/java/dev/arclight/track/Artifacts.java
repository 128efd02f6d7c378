package dev.arclight.track;

import dev.arclight.base.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Files below the artifact URI of a run ({@link Run#artifactUri()}) or logged model
 * ({@link LoggedModel#artifactUri()}).
 *
 * <p>Paths are relative, with {@code /} between parts; one that would leave its root ({@code ..}, absolute, a link that
 * leads out) is refused as BAD_INPUT. A file appears whole or not at all. Safe for use by many threads.
 */
public interface Artifacts {
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
    void upload(String root, Path local, String path) throws IOException;

    /** Deletes a file or a folder with all in it; nothing happens if there is none. */
    void delete(String root, String path) throws IOException;

    /**
     * A file or folder on the local disk: the store's own where that is local (change nothing), else a copy that lives
     * until the store is closed.
     *
     * @throws dev.arclight.base.ArclightException NOT_FOUND if there is none
     */
    Path local(String root, String path) throws IOException;
}
