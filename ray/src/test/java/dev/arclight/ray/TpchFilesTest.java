package dev.arclight.ray;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Soak;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Makes the tables for {@code bench/run ray-queries}. */
@Tag("soak")
final class TpchFilesTest {
    @Test
    void tablesAreWritten() {
        Path folder = Path.of(System.getProperty("arclight.soak.folder"));
        double scale = Double.parseDouble(System.getProperty("arclight.soak.scale"));
        try (Arclight local = Arclight.builder("tpch").master("local[2]").start()) {
            TpchTables.write(local.spark(), folder, scale);
        }
        Soak.report("{\"scale\": %s}".formatted(scale));
    }
}
