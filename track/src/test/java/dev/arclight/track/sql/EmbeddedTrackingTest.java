package dev.arclight.track.sql;

import dev.arclight.track.Tracking;
import dev.arclight.track.TrackingContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
final class EmbeddedTrackingTest extends TrackingContract {
    private Tracking tracking;

    @BeforeAll
    void open(@TempDir Path store) {
        tracking = Tracking.open(store.resolve("a store").toString());
    }

    @AfterAll
    void close() {
        tracking.close();
    }

    @Override
    protected Tracking tracking() {
        return tracking;
    }
}
