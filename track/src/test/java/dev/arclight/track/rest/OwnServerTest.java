package dev.arclight.track.rest;

import dev.arclight.track.Tracking;
import dev.arclight.track.TrackingContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The client against our own server. */
final class OwnServerTest extends TrackingContract {
    private OwnServer server;

    @BeforeAll
    void open(@TempDir Path folder) {
        server = new OwnServer(folder);
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Override
    protected Tracking tracking() {
        return server.client();
    }
}
