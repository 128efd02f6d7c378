package dev.arclight.track.rest;

import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.nio.file.Path;
import java.util.Map;

/** Our tracking server over an embedded store, and a client of it. */
final class OwnServer implements AutoCloseable {
    private final Tracking store;
    private final WebServer server;
    private final Tracking client;

    OwnServer(Path folder) {
        store = Tracking.open(folder.resolve("store").toString());
        server = TrackingServer.addTo(WebServer.builder(), store).start();
        client = RestTracking.open(server.uri().toString(), Map.of(), folder);
    }

    Tracking client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.close();
        store.close();
    }
}
