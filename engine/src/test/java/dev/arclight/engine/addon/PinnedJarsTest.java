package dev.arclight.engine.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class PinnedJarsTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void whoWaitsForAnotherInstallationCanBeInterrupted() throws Exception {
        PinnedJars jars = PinnedJars.of(List.of(new PinnedJar("g:a:1", "0".repeat(64))));
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock other = channel.lock()) {
            assertThat(other.isValid()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> jars.install("a", folder.resolve("lib"), Progress.NONE))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
