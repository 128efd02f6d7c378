package dev.arclight.track;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.gates.GatedPromotion;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A store of runs, artifacts, logged models and registered models.
 *
 * <pre>{@code
 * try (Tracking tracking = Tracking.open("./arclight-out/tracking")) {
 *     Experiment wine = tracking.experiment("wine");
 *     try (ActiveRun run = tracking.start(RunStart.in(wine).named("forest"))) {
 *         run.param("trees", "10");
 *         run.metric("test_auc", 0.854);
 *     }
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads. What a method that returns normally wrote is on disk, {@link ActiveRun#metric}
 * excepted, which queues. Every method throws {@link ArclightException}: {@link ErrorCode#BAD_INPUT} for what no store
 * would take, {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#ALREADY_EXISTS}, {@link ErrorCode#BAD_STATE} for a deleted
 * object, {@link ErrorCode#UNAVAILABLE} when disk or network fail.
 */
public interface Tracking extends AutoCloseable {
    /**
     * Opens the store at {@code uri}, making an embedded one if there is none.
     *
     * @param uri a directory (a path or {@code file:} URI): the embedded store;
     *     {@code jdbc:postgresql://host/database}: a team's database; {@code http(s)://host[:port]}, {@code databricks}
     *     or {@code databricks://profile}: a server of MLflow's API. Secrets come from the environment or a file, never
     *     from here.
     * @return owned by the caller
     * @throws ArclightException {@link ErrorCode#BAD_INPUT} if the URI is of no known kind,
     *     {@link ErrorCode#UNAVAILABLE} if the directory or database cannot be used as a store
     */
    static Tracking open(String uri) {
        return TrackingUri.open(uri);
    }

    /**
     * The same with the files of runs and models elsewhere than in the store's folder.
     *
     * @param artifacts a folder, or a URI that an {@link dev.arclight.track.artifacts.ArtifactPlace} on the class path
     *     takes. The store keeps it, for those who open it without; but not the folder of a team's database, which each
     *     must name.
     * @throws ArclightException {@link ErrorCode#BAD_INPUT} also if the store has its artifacts elsewhere, and for a
     *     server, which has its own place for them
     */
    static Tracking open(String uri, String artifacts) {
        return TrackingUri.open(uri, artifacts);
    }

    /**
     * Tells the store at {@code uri}, which no program has open, that its artifacts were copied to {@code artifacts}.
     *
     * @throws ArclightException {@link ErrorCode#BAD_STATE} if there is nothing at the new place, though there is at
     *     the old one
     */
    static void artifactsMoved(String uri, String artifacts) {
        TrackingUri.artifactsMoved(uri, artifacts);
    }

    /**
     * Opens a store that is there already, for those who only look.
     *
     * @throws ArclightException {@link ErrorCode#NOT_FOUND} if the directory holds no store
     */
    static Tracking openExisting(String uri) {
        return TrackingUri.openExisting(uri);
    }

    /** Where this is, as {@link #open} takes it. Holds no secret. */
    String uri();

    /** Experiments: named groups of runs. */
    Experiments experiments();

    /** Runs and what was logged to them. */
    Runs runs();

    /** Files of runs and logged models. */
    Artifacts artifacts();

    /** Models as logged by runs, before and beside the registry. */
    LoggedModels models();

    /** Registered models: versions, aliases, promotions and their history. */
    Registry registry();

    /** The active experiment called {@code name}, made if there is none. */
    default Experiment experiment(String name) {
        return experiments().findOrCreate(name);
    }

    /** Begins a run. The caller closes it. */
    default ActiveRun start(RunStart start) {
        return new ActiveRun(this, runs().create(start));
    }

    /** Goes on logging to a run, which becomes RUNNING again. The caller closes it. */
    default ActiveRun resume(String runId) {
        return new ActiveRun(this, runs().update(runId, RunUpdate.status(RunStatus.RUNNING)));
    }

    /**
     * Does {@code work} within a run that ends FINISHED, FAILED with the cause if the work throws, or KILLED if it was
     * interrupted or cancelled.
     *
     * @throws X what {@code work} throws
     */
    default <T, X extends Exception> T within(RunStart start, RunWork<T, X> work) throws X {
        return start(start).perform(work);
    }

    /** Runs as {@code search} asks; short for {@code runs().search(search)}. */
    default Page<Run> runs(RunSearch search) {
        return runs().search(search);
    }

    /**
     * The files that a URI names, on the local disk. The embedded store gives its own: read them, change nothing. A
     * remote store downloads them to a folder that lives until this is closed.
     *
     * @param uri {@code models:/name@alias}, {@code models:/name/2}, {@code models:/name/latest}, {@code models:/m-…}
     *     or {@code runs:/<run>/<path>}
     * @throws ArclightException {@link ErrorCode#NOT_FOUND} if there is no such model, version, alias, run or path
     */
    default Path resolve(String uri) throws IOException {
        ArtifactUris.Place place = ArtifactUris.find(this, uri);
        return artifacts().local(place.root(), place.path());
    }

    /**
     * Works with the files that a URI names, as {@link #resolve} takes it; what was downloaded for it is deleted when
     * this returns.
     *
     * @throws ArclightException {@link ErrorCode#NOT_FOUND} if there is no such model, version, alias, run or path
     */
    default <T> T withFiles(String uri, FileWork<T> work) throws IOException {
        ArtifactUris.Place place = ArtifactUris.find(this, uri);
        return artifacts().withLocal(place.root(), place.path(), work);
    }

    /**
     * Moves an alias if all {@linkplain dev.arclight.track.gates.Gate gates} of the model let the version through;
     * {@link Registry#promote} moves it without.
     *
     * @throws ArclightException {@link ErrorCode#BAD_STATE} if one does not, {@link ErrorCode#CONFLICT} if the alias
     *     was moved meanwhile
     */
    default AliasChange promote(Promotion promotion) throws IOException {
        return new GatedPromotion(this).promote(promotion);
    }

    /** Releases connections and threads. Close runs before. */
    @Override
    void close();
}
