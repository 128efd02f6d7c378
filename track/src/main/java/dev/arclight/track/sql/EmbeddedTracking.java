package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The store in a folder of this machine, without a server.
 *
 * <pre>
 * tracking.db            SQLite, in write-ahead mode
 * tracking.db-wal, -shm  its log; gone when the last program closes the store
 * tracking.db-migration  locked while the schema is made or changed
 * artifacts/&lt;experiment&gt;/&lt;run&gt;/artifacts/…             files of runs
 * artifacts/&lt;experiment&gt;/models/m-…/artifacts/…       files of logged models
 * </pre>
 *
 * <p>Artifacts may lie elsewhere: the store keeps where. See decision 080.
 *
 * <p>The folder may be moved or copied as a whole while no program has it open. Many programs may use it at once on one
 * machine; not over a network file system, whose locks SQLite cannot trust.
 *
 * <p>A write that returned is on the disk: it survives kill -9 and a power cut. See decision 021.
 */
public final class EmbeddedTracking {
    /** The folder of artifacts within a store's. */
    public static final String ARTIFACTS = "artifacts";

    private static final String DATABASE = "tracking.db";

    private EmbeddedTracking() {}

    /** Whether {@code directory} holds a store. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(DATABASE));
    }

    /**
     * Opens the store in {@code directory}, making both if needed.
     *
     * @return owned by the caller
     * @throws ArclightException UNAVAILABLE if the directory cannot be made or written, BAD_STATE if what is in it is
     *     damaged, of another program or of a newer Arclight
     */
    public static SqlTracking open(Path directory) {
        return open(made(directory), Optional.empty());
    }

    /**
     * The same with artifacts at {@code address}, see {@link dev.arclight.track.artifacts.ArtifactPlaces#open}. The
     * store keeps it: who opens it without finds them there.
     *
     * @throws ArclightException also BAD_INPUT if the store has its artifacts elsewhere
     */
    public static SqlTracking open(Path directory, String address) {
        return open(made(directory), Optional.of(address));
    }

    /**
     * The same with artifacts at a place that the store does not keep in mind.
     *
     * @param artifacts closed with the store
     */
    public static SqlTracking open(Path directory, Artifacts artifacts) {
        Path absolute = made(directory);
        return new SqlTracking(absolute.toString(), database(absolute), artifacts);
    }

    /** Takes note that the artifacts of a store were copied to {@code address}. No program may have it open. */
    public static void artifactsMoved(Path directory, String address) {
        Path absolute = made(directory);
        try (Database database = database(absolute)) {
            address(database, absolute).moved(address);
        }
    }

    private static SqlTracking open(Path absolute, Optional<String> wanted) {
        return SqlTracking.open(absolute.toString(), address(database(absolute), absolute), wanted);
    }

    private static ArtifactsAddress address(Database database, Path absolute) {
        return new ArtifactsAddress(
                database,
                absolute.toString(),
                Optional.of(absolute.resolve(ARTIFACTS).toString()));
    }

    private static Database database(Path absolute) {
        return WriterAndReaders.open(new SqliteConnections(absolute.resolve(DATABASE)));
    }

    private static Path made(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot make the tracking store in %s: %s; name a folder that can be written"
                            .formatted(absolute, reason(e)),
                    e);
        }
        if (!Files.isWritable(absolute)) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The folder %s of the tracking store cannot be written; change its rights or name another"
                            .formatted(absolute));
        }
        return absolute;
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileAlreadyExistsException
                ? "there is a file of that name"
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
