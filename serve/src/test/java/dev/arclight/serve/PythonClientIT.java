package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.PythonEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference is MLflow itself: the same directory, the same rows. */
final class PythonClientIT {
    @TempDir
    Path folder;

    @Test
    void pythonGetsWhatPyfuncPredicts() throws Exception {
        PythonEnvironment python = PythonEnvironment.open("xgboost-newest");
        Path script = PythonScript.copy("client.py", folder);
        Path directory = folder.resolve("bits");
        try (ScoringServer server = ScoringServer.builder()
                .model("bits", SampleModels.bits(directory, 0.1f))
                .start()) {
            String printed = python.run(Duration.ofMinutes(2), script, directory, server.uri());
            assertThat(printed.strip()).endsWith("10000");
        }
    }
}
