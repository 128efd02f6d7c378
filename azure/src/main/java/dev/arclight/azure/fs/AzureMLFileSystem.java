package dev.arclight.azure.fs;

import dev.arclight.azure.uri.AzureMLUri;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.hadoop.util.functional.RemoteIterators;
import org.jspecify.annotations.Nullable;

/**
 * Hadoop's view of {@code azureml://} paths. Each path is resolved by itself, because the authority of these URIs
 * ({@code datastores}, {@code subscriptions}) does not tell one workspace from another; ABFS does the reading and
 * writing. What is given back has the form of the path that was asked for. Registered versions of data are read-only.
 *
 * <p>Settings: {@link dev.arclight.azure.arm.AzureSettings}, and all of ABFS's own. Safe for use by many threads.
 */
@SuppressWarnings("NullAway.Init") // Hadoop constructs, then initialises
public final class AzureMLFileSystem extends FileSystem {
    private URI uri;
    private Stores stores;
    private Path workingDirectory;

    /** A path, resolved. */
    private record Place(AzureMLUri asked, Store store) {
        Path own() {
            return store.at(asked.path());
        }

        /** A path of the store's own, in the form that was asked for. */
        Path shown(Path own) throws IOException {
            String below = store.below(own);
            return new Path(AzureMLUri.SCHEME, asked.authority(), asked.above() + (below.isEmpty() ? "" : "/" + below));
        }

        FileStatus shown(FileStatus status) throws IOException {
            status.setPath(shown(status.getPath()));
            return status;
        }
    }

    /**
     * The folders of a listing so far. Without a hierarchical namespace a folder may be a blob of its own and the
     * prefix of others, and ABFS drops the second one only where it follows at once, as in Azure; elsewhere (Azurite
     * lists all prefixes first) it would come twice.
     */
    private static final class FoldersSeen {
        private final Set<Path> folders = new HashSet<>();

        boolean first(FileStatus status) {
            return status.isFile() || folders.add(status.getPath());
        }
    }

    /** Something done with a store. */
    private interface Work<T> {
        T at(Place place) throws IOException;
    }

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        requireAddOn();
        setConf(configuration);
        String authority = Optional.ofNullable(name.getAuthority()).orElse("datastores");
        uri = URI.create(AzureMLUri.SCHEME + "://" + authority);
        workingDirectory = new Path(uri + "/");
        try {
            stores = new Stores(configuration);
        } catch (ArclightException e) {
            throw Failures.toIo(e);
        }
    }

    /** Everything below is linked with the add-on's classes. */
    private static void requireAddOn() throws IOException {
        ClassLoader loader = AzureMLFileSystem.class.getClassLoader();
        try {
            Class.forName("org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem", false, loader);
            Class.forName("com.azure.identity.DefaultAzureCredential", false, loader);
        } catch (ClassNotFoundException e) {
            throw Failures.toIo(new ArclightException(
                    ErrorCode.BAD_STATE, "azureml:// needs the add-on azure: run 'arclight install azure'", e));
        }
    }

    @Override
    public String getScheme() {
        return AzureMLUri.SCHEME;
    }

    @Override
    public URI getUri() {
        return uri;
    }

    /** None: the authority is no host that has a name to look up. */
    @Override
    public @Nullable String getCanonicalServiceName() {
        return null;
    }

    @Override
    protected URI getCanonicalUri() {
        return uri;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return with(path, place -> place.store().files().open(place.own(), bufferSize));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        return change(
                path,
                place -> place.store()
                        .files()
                        .create(place.own(), permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    @Deprecated // by Hadoop, without another way
    public FSDataOutputStream createNonRecursive(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        return change(
                path,
                place -> place.store()
                        .files()
                        .createNonRecursive(
                                place.own(), permission, flags, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) throws IOException {
        return change(path, place -> place.store().files().append(place.own(), bufferSize, progress));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        Path target = qualified(to);
        return change(from, source -> {
            Place there = place(target);
            if (!source.store().files().equals(there.store().files())) {
                throw new IOException(
                        "Cannot rename %s to %s: they are in different stores; copy it".formatted(from, to));
            }
            requireWritable(there, target);
            return source.store().files().rename(source.own(), there.own());
        });
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return change(path, place -> place.store().files().delete(place.own(), recursive));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        return change(path, place -> place.store().files().mkdirs(place.own(), permission));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        if (parse(path).root() instanceof AzureMLUri.Root.Datastores) {
            return level(qualified(path));
        }
        return with(path, place -> place.shown(place.store().files().getFileStatus(place.own())));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        if (parse(path).root() instanceof AzureMLUri.Root.Datastores all) {
            return datastores(path, all);
        }
        return with(path, place -> {
            FoldersSeen seen = new FoldersSeen();
            List<FileStatus> found = new ArrayList<>();
            for (FileStatus status : place.store().files().listStatus(place.own())) {
                if (seen.first(status)) {
                    found.add(place.shown(status));
                }
            }
            return found.toArray(FileStatus[]::new);
        });
    }

    /** Page by page: files that were listed are not held. */
    @Override
    public RemoteIterator<FileStatus> listStatusIterator(Path path) throws IOException {
        if (parse(path).root() instanceof AzureMLUri.Root.Datastores) {
            return super.listStatusIterator(path);
        }
        return with(path, place -> {
            RemoteIterator<FileStatus> own = place.store().files().listStatusIterator(place.own());
            return RemoteIterators.mappingRemoteIterator(
                    RemoteIterators.filteringRemoteIterator(own, new FoldersSeen()::first), place::shown);
        });
    }

    @Override
    public ContentSummary getContentSummary(Path path) throws IOException {
        return with(path, place -> place.store().files().getContentSummary(place.own()));
    }

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        change(path, place -> {
            place.store().files().setPermission(place.own(), permission);
            return true;
        });
    }

    @Override
    public void setOwner(Path path, String user, String group) throws IOException {
        change(path, place -> {
            place.store().files().setOwner(place.own(), user, group);
            return true;
        });
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        if (parse(path).root() instanceof AzureMLUri.Root.Datastores) {
            return super.hasPathCapability(path, capability);
        }
        return with(path, place -> place.store().files().hasPathCapability(place.own(), capability));
    }

    @Override
    public void setWorkingDirectory(Path path) {
        workingDirectory =
                path.isAbsolute() ? path.makeQualified(uri, workingDirectory) : new Path(workingDirectory, path);
    }

    @Override
    public Path getWorkingDirectory() {
        return workingDirectory;
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            stores.close();
        }
    }

    private <T> T change(Path path, Work<T> work) throws IOException {
        Path asked = qualified(path);
        return with(path, place -> {
            requireWritable(place, asked);
            return work.at(place);
        });
    }

    private static void requireWritable(Place place, Path path) throws IOException {
        if (place.store().readOnly()) {
            throw new ReadOnly(path);
        }
    }

    /** No credential of Azure's would change it. */
    private static final class ReadOnly extends AccessDeniedException {
        private static final long serialVersionUID = 1L;

        ReadOnly(Path path) {
            super(path.toString(), null, "a registered version of data never changes; write to a datastore");
        }
    }

    /** Does something, and once more with the new credential if there is one: keys are rotated while jobs run. */
    private <T> T with(Path path, Work<T> work) throws IOException {
        Place place = place(qualified(path));
        try {
            return work.at(place);
        } catch (ReadOnly e) {
            throw e;
        } catch (AccessDeniedException e) {
            Optional<Store> fresh;
            try {
                fresh = stores.again(place.asked().root(), place.store());
            } catch (ArclightException refused) {
                throw Failures.toIo(refused);
            }
            if (fresh.isEmpty()) {
                throw e;
            }
            return work.at(new Place(place.asked(), fresh.get()));
        }
    }

    private Path qualified(Path path) {
        return path.makeQualified(uri, workingDirectory);
    }

    private AzureMLUri parse(Path path) throws IOException {
        checkPath(path);
        try {
            return AzureMLUri.parse(qualified(path).toString());
        } catch (ArclightException e) {
            throw Failures.toIo(e);
        }
    }

    private Place place(Path qualified) throws IOException {
        AzureMLUri asked = parse(qualified);
        try {
            return new Place(asked, stores.of(asked.root()));
        } catch (ArclightException e) {
            throw Failures.toIo(e);
        }
    }

    private FileStatus[] datastores(Path path, AzureMLUri.Root.Datastores all) throws IOException {
        try {
            List<String> names = stores.datastores(all);
            return names.stream()
                    .map(name -> level(new Path(qualified(path), name)))
                    .toArray(FileStatus[]::new);
        } catch (ArclightException e) {
            throw Failures.toIo(e);
        }
    }

    /** A level above the files. */
    private static FileStatus level(Path path) {
        return new FileStatus(0, true, 0, 0, 0, path);
    }
}
