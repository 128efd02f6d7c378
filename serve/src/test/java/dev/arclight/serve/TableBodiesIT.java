package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.PythonEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference is pyarrow, both ways. Catches a codec, page version or encoding of Parquet, or a type or layout of
 * Arrow, that is read wrong, and a log that Python cannot read or that holds other rows than were sent.
 */
@Tag("full")
final class TableBodiesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void bodiesOfPyarrowAreReadAndTheLogIsReadByPyarrow() throws Exception {
        PythonEnvironment python = PythonEnvironment.open("mlflow-3.17");
        Path script = PythonScript.copy("tables.py", folder);
        Path log = folder.resolve("log");
        try (ScoringServer server = ScoringServer.builder()
                .model("bits", "7", SampleModels.bits(folder.resolve("bits"), 0.1f))
                .requestLog(log, 1)
                .start()) {
            assertThat(python.run(PATIENCE, script, "send", server.uri(), folder)
                            .strip())
                    .endsWith("18");
        }
        assertThat(python.run(PATIENCE, script, "log", log.resolve("bits"), folder)
                        .strip())
                .endsWith("57000");
    }
}
