package dev.arclight.engine.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With one small jar, from the local Maven repository or the network. */
@Tag("full")
class PinnedJarsIT {
    private static final String JAR = "org.reactivestreams:reactive-streams:1.0.4";
    private static final String SUM = "f75ca597789b3dac58f61857b9ac2e1034a68fa672db35055a8fb4509e325f28";

    @TempDir
    Path folder;

    @Test
    void whatIsPinnedIsInstalledOnceAndWhole() throws IOException {
        PinnedJars jars = PinnedJars.parse("# one jar\n" + JAR + " " + SUM + "\n");
        Path lib = folder.resolve("lib");
        assertThat(jars.isInstalled(lib)).isFalse();
        jars.install("one", lib, Progress.NONE);
        Path jar = lib.resolve("reactive-streams-1.0.4.jar");
        assertThat(jar).isRegularFile();
        assertThat(jars.isInstalled(lib)).isTrue();
        Files.delete(jar);
        jars.install("one", lib, Progress.NONE);
        assertThat(jar).as("the same pins are there: nothing is fetched").doesNotExist();
    }

    /** Catches a repository that serves something else under the same name. */
    @Test
    void aJarThatIsNotWhatWasPinnedIsRefusedAndNothingIsTakenForInstalled() {
        String other = SUM.replace('f', '0');
        PinnedJars jars = PinnedJars.parse(JAR + " " + other);
        assertThatThrownBy(() -> jars.install("one", folder.resolve("lib"), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE))
                .hasMessageContaining("its SHA-256 is " + SUM + ", expected " + other);
        assertThat(folder.resolve("lib")).doesNotExist();
    }

    @Test
    void aJarMayHaveAClassifier() {
        // The smallest of those that the build itself needs.
        String javacpp = "org.bytedeco:javacpp:1.5.13:linux-x86_64";
        PinnedJars jars = PinnedJars.parse(
                javacpp + " b7ebf6240c4025681b5fe868cc2d4cb166cf297824e55f25396f8465d48d8244\n" + JAR + " " + SUM);
        Path lib = folder.resolve("lib");
        jars.install("two", lib, Progress.NONE);
        assertThat(lib.resolve("javacpp-1.5.13-linux-x86_64.jar")).isRegularFile();
        assertThat(lib.resolve("reactive-streams-1.0.4.jar")).isRegularFile();
    }
}
