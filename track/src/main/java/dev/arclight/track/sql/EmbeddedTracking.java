package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Artifacts;
import dev.arclight.track.Experiments;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.Registry;
import dev.arclight.track.Runs;
import dev.arclight.track.Tracking;
import dev.arclight.track.artifacts.LocalArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The store in a folder of this machine, without a server.
 *
 * <pre>
 * tracking.db            SQLite, in write-ahead mode
 * tracking.db-wal, -shm  its log; gone when the last program closes the store
 * artifacts/&lt;experiment&gt;/&lt;run&gt;/artifacts/…             files of runs
 * artifacts/&lt;experiment&gt;/models/m-…/artifacts/…       files of logged models
 * </pre>
 *
 * <p>The folder may be moved or copied as a whole while no program has it open. Many programs may use it at once on one
 * machine; not over a network file system, whose locks SQLite cannot trust.
 *
 * <p>A write that returned is on the disk: it survives kill -9 and a power cut. See decision 021.
 */
public final class EmbeddedTracking implements Tracking {
    private static final String DATABASE = "tracking.db";

    private final Path directory;
    private final Database database;
    private final Artifacts artifacts;
    private final Experiments experiments;
    private final Runs runs;
    private final LoggedModels models;
    private final Registry registry;

    private EmbeddedTracking(Path directory, Database database) {
        this.directory = directory;
        this.database = database;
        this.artifacts = new LocalArtifacts(directory.resolve("artifacts"));
        this.experiments = new SqlExperiments(database);
        this.runs = new SqlRuns(database);
        this.models = new SqlLoggedModels(database);
        this.registry = new SqlRegistry(database);
    }

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
    public static EmbeddedTracking open(Path directory) {
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
        return new EmbeddedTracking(absolute, SqliteDatabase.open(absolute.resolve(DATABASE)));
    }

    @Override
    public String uri() {
        return directory.toString();
    }

    @Override
    public Experiments experiments() {
        return experiments;
    }

    @Override
    public Runs runs() {
        return runs;
    }

    @Override
    public Artifacts artifacts() {
        return artifacts;
    }

    @Override
    public LoggedModels models() {
        return models;
    }

    @Override
    public Registry registry() {
        return registry;
    }

    @Override
    public void close() {
        database.close();
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileAlreadyExistsException
                ? "there is a file of that name"
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
