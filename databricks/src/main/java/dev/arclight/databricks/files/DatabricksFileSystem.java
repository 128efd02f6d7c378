package dev.arclight.databricks.files;

import dev.arclight.base.rest.RestClient;
import dev.arclight.databricks.Workspace;
import dev.arclight.databricks.files.WorkspaceFiles.Entry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code dbfs:/PATH} and {@code dbfs:/Volumes/CATALOG/SCHEMA/VOLUME/PATH}, from outside the workspace. The profile is
 * {@code fs.dbfs.profile}, else the default one.
 *
 * <p>For copying files and looking at them, not for jobs: a file is sent when its stream is closed and is not there
 * before; a rename copies, file by file, and is not atomic. Nothing is appended.
 */
public final class DatabricksFileSystem extends FileSystem {
    private static final String PROFILE = "fs.dbfs.profile";
    private static final long BLOCK_BYTES = 64L << 20; // what Hadoop splits files by

    private URI uri = URI.create("dbfs:///");
    private Path workingDirectory = new Path("dbfs:/");
    private RestClient workspace;

    /** For Hadoop. */
    @SuppressWarnings("NullAway.Init") // Hadoop calls initialize
    public DatabricksFileSystem() {}

    @Override
    public String getScheme() {
        return "dbfs";
    }

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        initialize(name, configuration, System.getenv());
    }

    void initialize(URI name, Configuration configuration, Map<String, String> environment) throws IOException {
        super.initialize(name, configuration);
        setConf(configuration);
        String authority = name.getAuthority();
        if (authority != null && !authority.isEmpty()) {
            throw new IOException(
                    "'%s' is no path of a workspace: expected dbfs:/PATH, with one slash".formatted(name));
        }
        workspace = FileFailures.io(() -> Workspace.open(configuration.get(PROFILE, ""), environment));
    }

    @Override
    public URI getUri() {
        return uri;
    }

    private String remote(Path path) {
        return path.makeQualified(uri, workingDirectory).toUri().getPath();
    }

    private WorkspaceFiles files(String path) {
        return WorkspaceFiles.of(path, workspace);
    }

    private Optional<Entry> find(String path) throws IOException {
        return path.equals("/")
                ? Optional.of(new Entry("/", true, 0, 0))
                : FileFailures.io(() -> files(path).find(path));
    }

    private Entry require(String path) throws IOException {
        return find(path).orElseThrow(() -> new FileNotFoundException("There is no file or folder dbfs:" + path));
    }

    private static FileStatus status(Entry entry) {
        return new FileStatus(
                entry.bytes(),
                entry.isFolder(),
                1,
                entry.isFolder() ? 0 : BLOCK_BYTES,
                entry.modifiedMillis(),
                new Path("dbfs", null, entry.path()));
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Entry file = require(remote(path));
        if (file.isFolder()) {
            throw new FileNotFoundException("dbfs:%s is a folder".formatted(file.path()));
        }
        return new FSDataInputStream(new BlockInput(files(file.path()), file));
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
        String target = remote(path);
        Optional<Entry> there = find(target);
        if (there.isPresent() && (there.get().isFolder() || !overwrite)) {
            throw new FileAlreadyExistsException("dbfs:%s is there already".formatted(target));
        }
        return new FSDataOutputStream(new FileOutput(files(target), target), statistics);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("Nothing can be appended to dbfs:" + remote(path));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        String source = remote(from);
        Optional<Entry> moved = find(source);
        if (moved.isEmpty() || source.equals("/")) {
            return false;
        }
        String target = remote(to);
        Optional<Entry> there = find(target);
        if (there.isPresent() && there.get().isFolder()) {
            target = (target.equals("/") ? "" : target) + source.substring(source.lastIndexOf('/'));
            there = find(target);
        }
        if (there.isPresent() || (target + "/").startsWith(source + "/")) {
            return false;
        }
        copy(moved.get(), target);
        deleteAll(moved.get());
        return true;
    }

    private void copy(Entry entry, String target) throws IOException {
        if (entry.isFolder()) {
            FileFailures.io(() -> {
                files(target).makeFolder(target);
                return target;
            });
            for (Entry child : children(entry)) {
                copy(child, target + child.path().substring(entry.path().length()));
            }
            return;
        }
        try (FSDataInputStream in = new FSDataInputStream(new BlockInput(files(entry.path()), entry));
                OutputStream out = new FileOutput(files(target), target)) {
            in.transferTo(out);
        }
    }

    private List<Entry> children(Entry folder) throws IOException {
        return FileFailures.io(() -> files(folder.path()).list(folder.path()));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        String target = remote(path);
        Optional<Entry> found = find(target);
        if (found.isEmpty() || target.equals("/")) {
            return false;
        }
        if (!recursive && found.get().isFolder() && !children(found.get()).isEmpty()) {
            throw new PathIsNotEmptyDirectoryException("dbfs:" + target);
        }
        deleteAll(found.get());
        return true;
    }

    private void deleteAll(Entry entry) throws IOException {
        if (entry.isFolder()) {
            for (Entry child : children(entry)) {
                deleteAll(child);
            }
        }
        FileFailures.io(() -> {
            files(entry.path()).delete(entry);
            return entry;
        });
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        Entry found = require(remote(path));
        List<Entry> all = found.isFolder() ? children(found) : List.of(found);
        List<FileStatus> statuses = new ArrayList<>();
        all.forEach(one -> statuses.add(status(one)));
        return statuses.toArray(FileStatus[]::new);
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        String target = remote(path);
        Optional<Entry> there = find(target);
        if (there.isPresent() && !there.get().isFolder()) {
            throw new FileAlreadyExistsException("dbfs:%s is a file".formatted(target));
        }
        if (there.isEmpty()) {
            FileFailures.io(() -> {
                files(target).makeFolder(target);
                return target;
            });
        }
        return true;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(require(remote(path)));
    }

    @Override
    public void setWorkingDirectory(Path path) {
        workingDirectory = path.makeQualified(uri, workingDirectory);
    }

    @Override
    public Path getWorkingDirectory() {
        return workingDirectory;
    }
}
