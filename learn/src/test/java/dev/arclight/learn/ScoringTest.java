package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoringTest {
    @TempDir
    private Path folder;

    /** Would catch SQL that scores with yesterday's model for as long as the session lasts. */
    @Test
    void aDirectoryThatIsWrittenAnewIsAnotherModel() throws IOException {
        Path model = Files.writeString(folder.resolve("MLmodel"), "flavors: {}");
        String before = Scoring.written(folder.toString());
        assertThat(Scoring.written(folder.toString())).isEqualTo(before);
        Files.setLastModifiedTime(model, FileTime.fromMillis(1_000));
        assertThat(Scoring.written(folder.toString())).isNotEqualTo(before);
        assertThat(Scoring.written("models:/wine/3")).isEmpty();
        assertThat(Scoring.written(folder.resolve("absent").toString())).isEmpty();
    }
}
