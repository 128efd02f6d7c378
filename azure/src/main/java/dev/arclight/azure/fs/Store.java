package dev.arclight.azure.fs;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One container, reached through ABFS.
 *
 * @param files owned by {@link Stores}
 * @param root the folder of {@code files} that is the store's root
 * @param readOnly a registered version of data never changes
 * @param key what the credential was, to see whether it has changed; of no use to anybody
 */
record Store(FileSystem files, Path root, boolean readOnly, String key) {
    /**
     * The file's own path.
     *
     * @param path without slashes at its ends
     */
    Path at(String path) {
        return path.isEmpty() ? root : new Path(root, new Path(null, null, path));
    }

    /** What {@link #at} was given. */
    String below(Path own) throws IOException {
        String above = root.toUri().getPath();
        String text = own.toUri().getPath();
        if (text.equals(above)) {
            return "";
        }
        String folder = above.endsWith("/") ? above : above + "/";
        if (!text.startsWith(folder)) {
            throw new IOException("%s is not below %s".formatted(own, root));
        }
        return text.substring(folder.length());
    }
}
