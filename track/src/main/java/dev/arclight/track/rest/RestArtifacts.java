package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.Transfers;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.track.FileWork;
import dev.arclight.track.artifacts.ArtifactPath;
import dev.arclight.track.artifacts.LocalArtifacts;
import dev.arclight.track.artifacts.LocalCopies;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Artifacts of a server, wherever it keeps them. Downloads are kept in a temporary folder until this is closed. */
final class RestArtifacts implements Artifacts {
    private static final Pattern SERVED = Pattern.compile(
            "(?:mlflow-artifacts:(?://[^/]*)?|https?://[^/]+(?:/.*)?/api/2\\.0/mlflow-artifacts/artifacts)/*(.*?)/*");
    private static final Pattern ON_THIS_DISK = Pattern.compile("file:.*|/.*");

    private final RestClient client;
    private final Transfers transfers;
    private final LocalCopies copies = new LocalCopies();

    RestArtifacts(RestClient client) {
        this.client = client;
        this.transfers = new Transfers(client);
    }

    @Override
    public List<ArtifactEntry> list(String root, String path) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            return onThisDisk(root).list(LocalArtifacts.SCHEME, path);
        }
        return folder(root).list(path).stream()
                .sorted(Comparator.comparing(ArtifactEntry::path))
                .toList();
    }

    @Override
    public InputStream open(String root, String path) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            return onThisDisk(root).open(LocalArtifacts.SCHEME, path);
        }
        Path copy = copies.newFile("open");
        try {
            receive(root, path, copy);
            return Files.newInputStream(copy, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    @Override
    public void write(String root, String path, AtomicFiles.FileWriter writer) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            onThisDisk(root).write(LocalArtifacts.SCHEME, path, writer);
            return;
        }
        LocalCopies.refuseRoot(path);
        // To a file first: the length is known, and what breaks off can be sent again.
        Path copy = copies.newFile("write");
        try {
            try (OutputStream out = Files.newOutputStream(copy)) {
                writer.writeTo(out);
            }
            folder(root).upload(path, copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    @Override
    public void upload(String root, Path local, String path) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            onThisDisk(root).upload(LocalArtifacts.SCHEME, local, path);
            return;
        }
        if (Files.isRegularFile(local)) {
            LocalCopies.refuseRoot(path);
            folder(root).upload(path, local);
        } else {
            Artifacts.super.upload(root, local, path);
        }
    }

    @Override
    public void delete(String root, String path) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            onThisDisk(root).delete(LocalArtifacts.SCHEME, path);
        } else {
            folder(root).delete(path);
        }
    }

    @Override
    public Path local(String root, String path) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            return onThisDisk(root).local(LocalArtifacts.SCHEME, path);
        }
        return copies.copy(this, root, path, (file, target) -> receive(root, file, target));
    }

    @Override
    public <T> T withLocal(String root, String path, FileWork<T> work) throws IOException {
        ArtifactPath.check(path);
        if (isOnThisDisk(root)) {
            return onThisDisk(root).withLocal(LocalArtifacts.SCHEME, path, work);
        }
        return copies.with(this, root, path, (file, target) -> receive(root, file, target), work);
    }

    @Override
    public void close() {
        copies.close();
    }

    private void receive(String root, String path, Path target) throws IOException {
        LocalCopies.refuseRoot(path);
        RemoteFolder folder = folder(root);
        try {
            transfers.receive(() -> folder.download(path), target);
        } catch (ArclightException e) {
            int slash = path.lastIndexOf('/');
            // MLflow's server may answer what is not there with an error of its own making.
            if (e.code() == ErrorCode.NOT_FOUND
                    || folder.list(slash < 0 ? "" : path.substring(0, slash)).stream()
                            .noneMatch(entry -> entry.path().equals(path) && !entry.isDirectory())) {
                throw new ArclightException(
                        ErrorCode.NOT_FOUND, "There is no artifact '%s' at %s".formatted(path, root), e);
            }
            throw e;
        }
    }

    private RemoteFolder folder(String root) {
        Matcher served = SERVED.matcher(root);
        if (served.matches()) {
            ArtifactPath.check(served.group(1));
            return new ServedFolder(client, transfers, served.group(1));
        }
        if (DatabricksFolder.isFor(root)) {
            return DatabricksFolder.of(client, transfers, root);
        }
        throw badInput(("The artifacts at '%s' are not handed through by the tracking server, and this client cannot"
                        + " reach that place itself: start the server with --serve-artifacts")
                .formatted(root));
    }

    private static boolean isOnThisDisk(String root) {
        return ON_THIS_DISK.matcher(root).matches();
    }

    private static LocalArtifacts onThisDisk(String root) {
        return new LocalArtifacts(root.startsWith("file:") ? Path.of(URI.create(root)) : Path.of(root));
    }
}
