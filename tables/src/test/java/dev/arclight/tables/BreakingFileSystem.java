package dev.arclight.tables;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local filesystem until a set number of changes were made; then each fails, as if the program had been killed. */
public final class BreakingFileSystem extends RawLocalFileSystem {
    static final AtomicInteger CHANGES_LEFT = new AtomicInteger(Integer.MAX_VALUE);

    static Configuration configuration() {
        Configuration configuration = new Configuration(false);
        configuration.set("fs.breaking.impl", BreakingFileSystem.class.getName());
        configuration.set("fs.breaking.impl.disable.cache", "true");
        return configuration;
    }

    @Override
    public URI getUri() {
        return URI.create("breaking:///");
    }

    @Override
    protected void checkPath(Path path) {
        // Any path is a local one.
    }

    private static void change() throws IOException {
        if (CHANGES_LEFT.decrementAndGet() < 0) {
            throw new IOException("broken by the test");
        }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change();
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change();
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        change();
        return super.mkdirs(path);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        change();
        return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        change();
        return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }
}
