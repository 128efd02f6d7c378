package dev.arclight.track.command;

import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The commands on a store behind our own server. */
final class OwnServerCommandsTest extends CommandsContract {
    private @Nullable Tracking store;
    private @Nullable WebServer server;

    @Override
    protected String uri() {
        WebServer running = server;
        if (running == null) {
            store = Tracking.open(folder.resolve("store").toString());
            running = TrackingServer.addTo(WebServer.builder(), store).start();
            server = running;
        }
        return running.uri().toString();
    }

    @AfterEach
    void stop() {
        if (server != null && store != null) {
            server.close();
            store.close();
        }
    }
}
