package dev.arclight.track.server;

import dev.arclight.track.Tracking;
import dev.arclight.track.pages.TrackingPages;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.WebServer;

/**
 * Serves a store over MLflow's REST API (2.0, as of MLflow 3.17), so that MLflow's own clients work with it unchanged.
 *
 * <p>What is there: experiments, runs, metrics, artifacts, logged models, registered models with aliases and stages.
 * What is not: traces, prompts, webhooks, users and MLflow's own pages; those paths answer 404. The pages are ours: see
 * {@link TrackingPages}.
 */
public final class TrackingServer {
    /** The MLflow whose answers were compared with; clients ask for it. */
    public static final String MLFLOW_VERSION = "3.17.2";

    private TrackingServer() {}

    /**
     * Adds all routes to a server that is being set up.
     *
     * @param tracking owned by the caller; must stay open as long as the server runs
     * @return {@code server}
     */
    public static WebServer.Builder addTo(WebServer.Builder server, Tracking tracking) {
        Endpoints endpoints = new Endpoints();
        new ExperimentEndpoints(tracking.experiments()).addTo(endpoints);
        new RunEndpoints(tracking.runs()).addTo(endpoints);
        new LoggedModelEndpoints(tracking).addTo(endpoints);
        new RegistryEndpoints(tracking).addTo(endpoints);
        new ArtifactEndpoints(tracking).addTo(endpoints);
        new AliasEndpoints(tracking.registry()).addTo(endpoints);
        endpoints.routes().forEach(server::route);
        TrackingPages.addTo(server.signIn(), tracking);
        server.route(Route.of("GET", "/health", Role.ANYONE, request -> Reply.text("OK")));
        server.route(Route.of("GET", "/version", Role.ANYONE, request -> Reply.text(MLFLOW_VERSION)));
        return server;
    }
}
