package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo does not care where its executors are. */
@Tag("full")
final class WineOnRayIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Test
    void theModelsAreTheSameByteForByte(@TempDir Path folder) throws Exception {
        Path python = PythonEnvironment.open("ray-newest").python();
        Launcher arclight = Launcher.ofThisBuild()
                .with(Map.of("VIRTUAL_ENV", python.resolve("../..").normalize().toString()));
        for (String master : List.of("local[*]", "ray:local")) {
            Processes.Finished demo = arclight.run(
                    PATIENCE, "demo", "wine", "--master", master, "--evals", 4, "--out", folder.resolve(name(master)));
            assertThat(demo.exitCode()).as(demo.errors()).isZero();
        }
        assertThat(models(folder.resolve(name("ray:local"))))
                .hasSize(2)
                .isEqualTo(models(folder.resolve(name("local[*]"))));
    }

    private static String name(String master) {
        return master.startsWith("ray") ? "ray" : "local";
    }

    /** The forest and the best of the sweep, as the tracking store keeps them. */
    private static Set<String> models(Path out) throws IOException {
        Set<String> contents = new TreeSet<>();
        try (Stream<Path> files = Files.walk(out.resolve("tracking"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".ubj")).toList()) {
                contents.add(java.util.HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(Files.readAllBytes(file))));
            }
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it", e);
        }
        return contents;
    }
}
