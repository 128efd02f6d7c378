package dev.arclight.track.sql;

import dev.arclight.track.RegistryContract;
import dev.arclight.track.Tracking;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
final class EmbeddedRegistryTest extends RegistryContract {
    private Tracking tracking;

    @BeforeAll
    void open(@TempDir Path store) {
        tracking = Tracking.open(store.toUri().toString());
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
