package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.databricks.DatabricksProfile;
import dev.arclight.base.rest.Credentials;
import dev.arclight.base.rest.RestClient;
import dev.arclight.track.Artifacts;
import dev.arclight.track.Experiments;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.Registry;
import dev.arclight.track.Runs;
import dev.arclight.track.Tracking;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The store behind a server that speaks MLflow's REST API: MLflow 2 or 3, a Databricks workspace, or {@code arclight
 * tracking}.
 *
 * <p>What differs from a store of one's own:
 *
 * <ul>
 *   <li>A call that makes something new and whose answer is lost is OUTCOME_UNKNOWN; all others are repeated for about
 *       six seconds while the server is out of reach.
 *   <li>A batch of more than a million bytes goes in parts, each all or nothing by itself.
 *   <li>Infinite metrics come back as the largest doubles, where the server keeps them so.
 *   <li>MLflow moves aliases without compare-and-set and keeps no history: see {@link RestPromotions}. Our own server
 *       does both.
 * </ul>
 *
 * <p>Secrets come from the environment or a file, never from the address. Downloads lie in a temporary folder until
 * this is closed.
 */
public final class RestTracking implements Tracking {
    static final String API = "/api/2.0/mlflow";

    private final String uri;
    private final RestArtifacts artifacts;
    private final Experiments experiments;
    private final Runs runs;
    private final LoggedModels models;
    private final Registry registry;

    private RestTracking(String uri, RestClient client) {
        this.uri = uri;
        String user = System.getProperty("user.name", "unknown");
        this.artifacts = new RestArtifacts(client);
        this.experiments = new RestExperiments(client);
        this.runs = new RestRuns(client, user);
        this.models = new VersionedModels(client, runs);
        this.registry = new RestRegistry(client, models);
    }

    /** Whether {@code uri} is for {@link #open}. */
    public static boolean isFor(String uri) {
        String lower = uri.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://")
                || lower.startsWith("https://")
                || lower.equals("databricks")
                || lower.startsWith("databricks://");
    }

    /**
     * A client of the server at {@code uri}. Nothing is sent yet, but where a Databricks profile says so.
     *
     * @param uri {@code http(s)://host[:port][/path]}, {@code databricks} or {@code databricks://profile}
     * @param environment where credentials are: see {@link MlflowCredentials} and {@link DatabricksProfile}
     * @param home where {@code .databrickscfg} is
     * @return owned by the caller
     * @throws dev.arclight.base.ArclightException BAD_INPUT if the address holds a secret or is none
     */
    public static RestTracking open(String uri, Map<String, String> environment, Path home) {
        if (uri.toLowerCase(Locale.ROOT).startsWith("databricks")) {
            DatabricksProfile profile = DatabricksProfile.of(uri, environment, home);
            return new RestTracking(uri, client(profile.host(), profile.credentials()));
        }
        URI server;
        try {
            server = URI.create(uri);
        } catch (IllegalArgumentException e) {
            throw badInput("The tracking address '%s' is no URI: %s".formatted(uri, e.getMessage()));
        }
        if (server.getRawUserInfo() != null) {
            throw badInput("The tracking address holds a user name or password; leave it out of the address and set"
                    + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the environment");
        }
        if (server.getHost() == null || server.getRawQuery() != null || server.getRawFragment() != null) {
            throw badInput("The tracking address '%s' is not of the form http(s)://host[:port][/path]".formatted(uri));
        }
        return new RestTracking(uri, client(server, MlflowCredentials.of(environment)));
    }

    /** A client of the server at {@code server}, below whose path MLflow's {@code /api} lies. */
    static RestClient client(URI server, Credentials credentials) {
        return new RestClient("The tracking server", server, credentials, MlflowErrors::of);
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

    @Override
    public void close() {
        artifacts.close();
    }
}
