package dev.arclight.engine.artifacts;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.AtomicFiles;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.track.FileWork;
import dev.arclight.track.artifacts.ArtifactPath;
import dev.arclight.track.artifacts.LocalCopies;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts in a folder of a Hadoop file system. A file is written beside its target under a hidden name, forced to the
 * disks where the file system can ({@code hsync}), and renamed. On HDFS that replaces what was there in one step, as it
 * does wherever a rename may replace a file. Elsewhere the old file is renamed to a hidden name before, and put back if
 * the new one cannot take its place; between the two renames nobody sees either.
 */
final class HadoopArtifacts implements Artifacts {
    private final Path folder;
    private final FileSystem files;
    private final @Nullable FileContext context;
    private final LocalCopies copies = new LocalCopies();

    HadoopArtifacts(Path folder, Configuration configuration) throws IOException {
        this.files = folder.getFileSystem(configuration);
        this.folder = files.makeQualified(folder);
        this.context = context(this.folder, configuration);
    }

    private static @Nullable FileContext context(Path folder, Configuration configuration) {
        try {
            return FileContext.getFileContext(folder.toUri(), configuration);
        } catch (UnsupportedFileSystemException e) {
            return null;
        }
    }

    @Override
    public List<ArtifactEntry> list(String root, String path) throws IOException {
        List<ArtifactEntry> entries = new ArrayList<>();
        FileStatus[] found;
        try {
            Path directory = locate(root, path);
            if (!files.getFileStatus(directory).isDirectory()) {
                return List.of();
            }
            found = files.listStatus(directory);
        } catch (FileNotFoundException e) {
            return List.of();
        }
        for (FileStatus status : found) {
            String name = status.getPath().getName();
            if (!ArtifactPath.isTemporary(name)) {
                entries.add(new ArtifactEntry(
                        path.isEmpty() ? name : path + "/" + name,
                        status.isDirectory(),
                        status.isDirectory() ? 0 : status.getLen()));
            }
        }
        entries.sort(Comparator.comparing(ArtifactEntry::path));
        return entries;
    }

    @Override
    public InputStream open(String root, String path) throws IOException {
        Path file = locate(root, path);
        try {
            if (files.getFileStatus(file).isFile()) {
                return files.open(file);
            }
        } catch (FileNotFoundException e) {
            throw missing(root, path);
        }
        throw missing(root, path);
    }

    @Override
    public void write(String root, String path, AtomicFiles.FileWriter writer) throws IOException {
        LocalCopies.refuseRoot(path);
        Path target = locate(root, path);
        if (isDirectory(target)) {
            throw badInput("Cannot write the artifact '%s': it is a folder".formatted(path));
        }
        Path temporary = hiddenBeside(target);
        try {
            try (FSDataOutputStream out = files.create(temporary, false)) {
                writer.writeTo(out);
                if (out.hasCapability(StreamCapabilities.HSYNC)) {
                    out.hsync();
                }
            }
            replace(temporary, target);
        } catch (IOException | RuntimeException | Error e) {
            try {
                files.delete(temporary, false);
            } catch (IOException cleanup) {
                e.addSuppressed(cleanup);
            }
            throw e;
        }
    }

    @Override
    public void delete(String root, String path) throws IOException {
        Path target = locate(root, path);
        if (target.equals(folder)) {
            throw badInput("Refused to delete all artifacts of the store: name a path");
        }
        files.delete(target, true);
    }

    @Override
    public java.nio.file.Path local(String root, String path) throws IOException {
        return copies.copy(this, root, path, (file, to) -> fetch(root, file, to));
    }

    @Override
    public <T> T withLocal(String root, String path, FileWork<T> work) throws IOException {
        return copies.with(this, root, path, (file, to) -> fetch(root, file, to), work);
    }

    private void fetch(String root, String file, java.nio.file.Path to) throws IOException {
        try (InputStream in = open(root, file)) {
            Files.copy(in, to);
        }
    }

    @Override
    public void close() {
        copies.close(); // the file system is shared by the whole program, Hadoop closes it at its end
    }

    private void replace(Path temporary, Path target) throws IOException {
        // Hadoop's other implementations of OVERWRITE delete the old file before they rename.
        if (context != null
                && "hdfs".equals(files.resolvePath(temporary).toUri().getScheme())) {
            context.rename(temporary, target, Options.Rename.OVERWRITE);
            return;
        }
        if (renamed(temporary, target)) {
            return;
        }
        Path old = hiddenBeside(target);
        if (!renamed(target, old)) {
            throw new IOException("%s could not be renamed to %s".formatted(temporary, target));
        }
        try {
            if (!renamed(temporary, target)) {
                throw new IOException("%s could not be renamed to %s".formatted(temporary, target));
            }
        } catch (IOException | RuntimeException e) {
            putBack(old, target, e);
            throw e;
        }
        files.delete(old, false);
    }

    private void putBack(Path old, Path target, Exception cause) {
        try {
            if (!renamed(old, target)) {
                cause.addSuppressed(new IOException(
                        "The file that was at %s lies at %s now: rename it back".formatted(target, old)));
            }
        } catch (IOException e) {
            cause.addSuppressed(new IOException(
                    "The file that was at %s lies at %s now: rename it back".formatted(target, old), e));
        }
    }

    /** False too where a file of that name is in the way. */
    private boolean renamed(Path from, Path to) throws IOException {
        try {
            return files.rename(from, to);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private boolean isDirectory(Path path) throws IOException {
        try {
            return files.getFileStatus(path).isDirectory();
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private Path locate(String root, String path) {
        String below = ArtifactPath.ofRoot(root);
        ArtifactPath.check(path);
        return path.isEmpty() ? child(folder, below) : child(child(folder, below), path);
    }

    /** A name in the same folder that no list shows. */
    private static Path hiddenBeside(Path target) {
        Path parent = target.getParent();
        return child(parent == null ? target : parent, ".%s.%s.tmp".formatted(target.getName(), UUID.randomUUID()));
    }

    /** By parts, since Hadoop takes a text with a colon for a URI. */
    private static Path child(Path parent, String path) {
        if (path.isEmpty()) {
            return parent;
        }
        java.net.URI uri = parent.toUri();
        String base = uri.getPath().endsWith("/") ? uri.getPath() : uri.getPath() + "/";
        return new Path(uri.getScheme(), uri.getAuthority(), base + path);
    }

    private static RuntimeException missing(String root, String path) {
        return notFound("There is no artifact '%s' at %s".formatted(path, root));
    }
}
