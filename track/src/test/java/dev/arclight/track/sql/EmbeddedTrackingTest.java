package dev.arclight.track.sql;

import dev.arclight.track.Tracking;
import dev.arclight.track.TrackingContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The store in a folder, whose name needs quoting. */
final class EmbeddedTrackingTest extends TrackingContract {
    private Tracking tracking;

    @BeforeAll
    void open(@TempDir Path store) {
        tracking = Tracking.open(store.resolve("a store").toUri().toString());
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
