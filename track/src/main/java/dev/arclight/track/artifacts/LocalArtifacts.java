package dev.arclight.track.artifacts;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Artifacts in a local folder. Their URIs are {@code mlflow-artifacts:/<path below the folder>}, so that the store can
 * be moved, and served by a tracking server, without a change in its database.
 */
public final class LocalArtifacts implements Artifacts {
    /** Begins each artifact URI of this kind. */
    public static final String SCHEME = "mlflow-artifacts:";

    private final Path folder;

    /** Keeps artifacts in {@code folder}, which need not exist yet. */
    public LocalArtifacts(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public List<ArtifactEntry> list(String root, String path) throws IOException {
        Path directory = locate(root, path);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> !ArtifactPath.isTemporary(String.valueOf(child.getFileName())))
                    .map(child -> entry(child, path))
                    .sorted(Comparator.comparing(ArtifactEntry::path))
                    .toList();
        }
    }

    @Override
    public InputStream open(String root, String path) throws IOException {
        Path file = locate(root, path);
        if (!Files.isRegularFile(file)) {
            throw missing(root, path);
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw missing(root, path);
        }
    }

    @Override
    public void write(String root, String path, AtomicFiles.FileWriter writer) throws IOException {
        Path file = locate(root, path);
        if (path.isEmpty() || Files.isDirectory(file)) {
            throw badInput("Cannot write the artifact '%s': it is a folder".formatted(path));
        }
        try {
            AtomicFiles.write(file, writer);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No space left on device")) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The disk is full: the artifact '%s' was not stored, what was there is intact; free some space and repeat"
                                .formatted(path),
                        e);
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
        AtomicFiles.deleteTree(target);
    }

    @Override
    public Path local(String root, String path) throws IOException {
        Path target = locate(root, path);
        if (!Files.exists(target)) {
            throw missing(root, path);
        }
        return target;
    }

    private Path locate(String root, String path) throws IOException {
        Path base = ArtifactPath.below(folder, ArtifactPath.ofRoot(root));
        return ArtifactPath.below(base, path);
    }

    private static ArtifactEntry entry(Path child, String path) {
        String name = String.valueOf(child.getFileName());
        boolean directory = Files.isDirectory(child);
        long size;
        try {
            size = directory ? 0 : Files.size(child);
        } catch (IOException e) {
            size = 0; // deleted since it was listed
        }
        return new ArtifactEntry(path.isEmpty() ? name : path + "/" + name, directory, size);
    }

    private static RuntimeException missing(String root, String path) {
        return notFound("There is no artifact '%s' at %s".formatted(path, root));
    }
}
