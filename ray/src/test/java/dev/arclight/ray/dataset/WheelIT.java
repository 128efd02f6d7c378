package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code python/} builds a wheel that can be installed, and that has all of the package. */
@Tag("full")
@Tag("own-process")
final class WheelIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void theWheelInstallsAndHasAllModules(@TempDir Path folder) throws IOException {
        Path sources = folder.resolve("python");
        copy(Needs.root().resolve("python"), sources); // building writes beside the sources
        PythonEnvironment builder = PythonEnvironment.open("wheel");
        builder.run(
                PATIENCE,
                "-m",
                "pip",
                "wheel",
                "-q",
                "--no-deps",
                "--no-build-isolation",
                "--disable-pip-version-check",
                "-w",
                folder,
                sources);
        Path installed = folder.resolve("installed");
        Path wheel;
        try (Stream<Path> files = Files.list(folder)) {
            wheel = files.filter(file -> file.toString().endsWith("-py3-none-any.whl"))
                    .findFirst()
                    .orElseThrow();
        }
        builder.run(PATIENCE, "-m", "pip", "install", "-q", "--no-deps", "--target", installed, wheel);
        String said = Processes.run(
                PATIENCE,
                Map.of("PYTHONPATH", installed.toString()),
                List.of(
                        PythonEnvironment.open("ray-data").python().toString(),
                        "-c",
                        "import arclight, arclight.columns, arclight.directory; print(arclight.__file__,"
                                + " *arclight.__all__)"));
        assertThat(said).contains(installed + "/arclight/__init__.py").contains("dataset publish names drop");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
