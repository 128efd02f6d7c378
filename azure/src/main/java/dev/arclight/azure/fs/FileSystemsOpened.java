package dev.arclight.azure.fs;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem;
import org.apache.hadoop.fs.azurebfs.SecureAzureBlobFileSystem;

/**
 * The ABFS filesystems that were opened, to be closed together. Not by Hadoop's own cache, which would give two
 * datastores on one account the same credential.
 */
final class FileSystemsOpened implements Closeable {
    private final Set<FileSystem> opened = Collections.newSetFromMap(new IdentityHashMap<>());

    FileSystem open(StoreSettings to) throws IOException {
        FileSystem files =
                "abfss".equals(to.uri().getScheme()) ? new SecureAzureBlobFileSystem() : new AzureBlobFileSystem();
        files.initialize(to.uri(), to.configuration());
        synchronized (opened) {
            opened.add(files);
        }
        return files;
    }

    void close(FileSystem files) throws IOException {
        synchronized (opened) {
            opened.remove(files);
        }
        files.close();
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        synchronized (opened) {
            for (FileSystem files : opened) {
                try {
                    files.close();
                } catch (IOException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            opened.clear();
        }
        if (first != null) {
            throw first;
        }
    }
}
