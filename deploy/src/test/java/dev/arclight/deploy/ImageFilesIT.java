package dev.arclight.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that images are built from; that they build and run is shown by {@code bench/soak image}. */
@Tag("full")
final class ImageFilesIT {
    @TempDir
    private Path folder;

    @Test
    void hadolintFindsNothing() {
        List<Path> files = DeployFolder.files("image", "Dockerfile");
        assertThat(files).hasSize(2);
        for (Path file : files) {
            Processes.Finished hadolint = DeployFolder.check("hadolint", file);
            assertThat(hadolint.exitCode()).as(hadolint.output()).isZero();
        }
    }

    @Test
    void hadolintWouldFind() {
        Path root = DeployFolder.spoilt(DeployFolder.path("image/Dockerfile"), "USER 10001:10001", "USER root", folder);
        Processes.Finished hadolint = DeployFolder.check("hadolint", root);
        assertThat(hadolint.exitCode()).isEqualTo(1);
        assertThat(hadolint.output()).contains("DL3002");
    }
}
