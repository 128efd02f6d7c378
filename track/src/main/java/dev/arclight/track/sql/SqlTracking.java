package dev.arclight.track.sql;

import dev.arclight.track.Artifacts;
import dev.arclight.track.Experiments;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.Registry;
import dev.arclight.track.Runs;
import dev.arclight.track.Tracking;
import java.util.Optional;

/** A store in a database; made by {@link EmbeddedTracking} or {@link PostgresTracking}. */
public final class SqlTracking implements Tracking {
    private final String uri;
    private final Database database;
    private final Artifacts artifacts;
    private final Experiments experiments;
    private final Runs runs;
    private final LoggedModels models;
    private final Registry registry;

    /** Both are closed with this. */
    SqlTracking(String uri, Database database, Artifacts artifacts) {
        this.uri = uri;
        this.database = database;
        this.artifacts = artifacts;
        this.experiments = new SqlExperiments(database);
        this.runs = new SqlRuns(database);
        this.models = new SqlLoggedModels(database);
        this.registry = new SqlRegistry(database);
    }

    /**
     * A store with its artifacts where they are known or wanted to be.
     *
     * @param address its database is closed if this fails
     */
    static SqlTracking open(String uri, ArtifactsAddress address, Optional<String> wanted) {
        try {
            return new SqlTracking(uri, address.database(), address.open(wanted));
        } catch (RuntimeException e) {
            address.database().close();
            throw e;
        }
    }

    @Override
    public String uri() {
        return uri;
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

    Database database() {
        return database;
    }

    @Override
    public void close() {
        try {
            artifacts.close();
        } finally {
            database.close();
        }
    }
}
