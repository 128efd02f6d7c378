package dev.arclight.databricks.files;

import dev.arclight.base.rest.RestClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files of a workspace. Paths are absolute: {@code /Volumes/main/default/raw/a.csv}, {@code /tmp/a.csv}. What fails is
 * an {@link dev.arclight.base.ArclightException}, NOT_FOUND where there is no such path. Safe for use by many threads.
 */
public interface WorkspaceFiles {
    /**
     * A file or folder.
     *
     * @param bytes 0 for a folder
     * @param modifiedMillis since 1970; 0 if it is not known
     */
    record Entry(String path, boolean isFolder, long bytes, long modifiedMillis) {}

    /** The files of {@code path}. */
    static WorkspaceFiles of(String path, RestClient workspace) {
        return path.equals("/Volumes") || path.startsWith("/Volumes/")
                ? new VolumeFiles(workspace)
                : new DbfsFiles(workspace);
    }

    /** Empty if there is none. */
    Optional<Entry> find(String path);

    /** What lies directly in a folder. */
    List<Entry> list(String folder);

    /**
     * Reads from a file.
     *
     * @param from first byte
     * @param most bytes wanted, at most {@code 1 << 20}
     * @return fewer at the end of the file only
     */
    byte[] read(String path, long from, int most) throws IOException;

    /** Writes or replaces a file, with the folders above it. */
    void put(String path, Path local) throws IOException;

    /** Makes a folder and those above it. */
    void makeFolder(String path);

    /** Deletes a file or an empty folder. */
    void delete(Entry entry);
}
