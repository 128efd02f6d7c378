package dev.arclight.track.pages;

import dev.arclight.track.Tracking;
import dev.arclight.web.Handler;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.WebServer;

/** The pages of a tracking server. */
public final class TrackingPages {
    private TrackingPages() {}

    /**
     * Adds all pages to a server that is being set up.
     *
     * @param tracking owned by the caller; must stay open as long as the server runs
     * @return {@code server}
     */
    public static WebServer.Builder addTo(WebServer.Builder server, Tracking tracking) {
        PageAssets assets = new PageAssets();
        Layout layout = new Layout(assets);
        Problems problems = new Problems(layout);
        RunPage run = new RunPage(tracking, layout);
        ModelPage model = new ModelPage(tracking, layout);
        assets.routes().forEach(server::route);
        get(server, problems, "/", new ExperimentsPage(tracking, layout)::show);
        get(server, problems, "/experiments/{id}", new RunsPage(tracking, layout)::show);
        get(server, problems, "/compare", new ComparePage(tracking, layout)::show);
        get(server, problems, "/runs/{id}", run::show);
        get(server, problems, "/runs/{id}/files/{path...}", new ArtifactView(tracking)::file);
        get(server, problems, "/models", new ModelsPage(tracking, layout)::show);
        get(server, problems, "/models/{name}", model::show);
        server.route(Route.of(
                "POST", "/models/{name}/promote", Role.ADMIN, request -> problems.shown(model::promote, request)));
        server.route(Route.of(
                "POST", "/models/{name}/rollback", Role.ADMIN, request -> problems.shown(model::rollback, request)));
        return server;
    }

    private static void get(WebServer.Builder server, Problems problems, String path, Handler page) {
        server.route(Route.of("GET", path, Role.READ, request -> problems.shown(page, request)));
    }
}
