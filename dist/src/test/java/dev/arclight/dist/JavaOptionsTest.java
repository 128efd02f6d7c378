package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.JvmOptions;
import dev.arclight.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class JavaOptionsTest {
    @Test
    void theLaunchersFlagsBeginWithThoseThatSparkNeeds() throws IOException {
        assertThat(Files.readAllLines(Needs.root().resolve("dist/src/main/dist/java.options")))
                .startsWith(JvmOptions.all().toArray(String[]::new));
    }
}
