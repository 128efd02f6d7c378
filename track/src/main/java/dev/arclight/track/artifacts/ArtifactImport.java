package dev.arclight.track.artifacts;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Copies the artifacts of an MLflow store from the disk into a new store of ours, and compares what came of it. */
public final class ArtifactImport {
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.\\-]+:.*");

    private final LocalArtifacts target;
    private final Optional<Path> served;
    private long files;
    private long bytes;

    /**
     * An import.
     *
     * @param folder where the new store keeps artifacts
     * @param served MLflow's {@code --artifacts-destination}: what {@code mlflow-artifacts:/} stands for there
     */
    public ArtifactImport(Path folder, Optional<Path> served) {
        this.target = new LocalArtifacts(folder);
        this.served = served;
    }

    /**
     * Copies what lies at each root.
     *
     * @param moves roots in MLflow, and their URIs here; a root without files is passed over
     * @throws ArclightException BAD_INPUT if a root is not on this machine's disk
     */
    public void copy(Map<String, String> moves) throws IOException {
        for (Map.Entry<String, String> move : moves.entrySet()) {
            Path from = local(move.getKey());
            if (!Files.isDirectory(from)) {
                continue;
            }
            target.upload(move.getValue(), from, "");
            verify(from, target.local(move.getValue(), ""));
        }
    }

    /** Files copied so far. */
    public long files() {
        return files;
    }

    /** Their sizes together. */
    public long bytes() {
        return bytes;
    }

    private void verify(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                long mismatch = Files.mismatch(file, copy);
                if (mismatch >= 0) {
                    throw new ArclightException(
                            ErrorCode.INTERNAL,
                            "The copy of %s differs from byte %,d on; nothing was kept".formatted(file, mismatch));
                }
                files++;
                bytes += Files.size(file);
            }
        }
    }

    private Path local(String uri) {
        if (uri.startsWith(LocalArtifacts.SCHEME)) {
            String below = uri.substring(LocalArtifacts.SCHEME.length()).replaceFirst("^/+", "");
            Path base = served.orElseThrow(() -> ArclightException.badInput(
                    "Artifacts are at %s: name the folder that MLflow's server was given as --artifacts-destination, by --artifacts"
                            .formatted(uri)));
            Path path = base.resolve(below).normalize();
            if (!path.startsWith(base.normalize())) {
                throw ArclightException.badInput("The artifacts at %s are outside of %s".formatted(uri, base));
            }
            return path;
        }
        if (uri.startsWith("file:")) {
            return Path.of(URI.create(uri).getPath());
        }
        if (SCHEME.matcher(uri).matches()) {
            throw ArclightException.badInput(
                    "Artifacts are at %s, which is not on this machine's disk: copy them to a folder first, or import without them (--no-artifacts)"
                            .formatted(uri));
        }
        return Path.of(uri);
    }
}
