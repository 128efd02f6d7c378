package dev.arclight.exchange;

import dev.arclight.testing.Soak;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link RoundTripIT} with many tables, for {@code bench/soak exchange}. */
@Tag("soak")
final class RoundTripSoak {
    @Test
    void anyTableComesBackEqualToTheLastBit(@TempDir Path folder) throws Exception {
        int cases = Soak.number("cases", 1000);
        int seed = Soak.number("seed", 1);
        RoundTripIT.thereAndBack(folder, cases, seed);
        Soak.report("{\"cases\": %d, \"first_seed\": %d, \"different\": 0}".formatted(cases, seed));
    }
}
