package dev.arclight.track.rest;

import dev.arclight.track.RegistryContract;
import dev.arclight.track.Tracking;
import dev.arclight.track.TrackingContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The client against our own server. */
@TestInstance(Lifecycle.PER_CLASS)
final class OwnServerTest {
    private OwnServer server;

    @BeforeAll
    void open(@TempDir Path folder) {
        server = new OwnServer(folder);
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Nested
    final class OfRuns extends TrackingContract {
        @Override
        protected Tracking tracking() {
            return server.client();
        }
    }

    @Nested
    final class OfTheRegistry extends RegistryContract {
        @Override
        protected Tracking tracking() {
            return server.client();
        }
    }
}
