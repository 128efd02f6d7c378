package dev.arclight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

final class FailureSentenceTest {
    @Test
    void ourOwnSentenceWinsHoweverDeepItLies() {
        assertThat(FailureSentence.of(
                        new RuntimeException(new IOException(ArclightException.badInput("row 3 is bad")))))
                .isEqualTo("row 3 is bad");
    }

    @Test
    void commonTroubleOfTheMachineIsSaidPlainly() {
        assertThat(FailureSentence.of(
                        new UncheckedIOException(new FileSystemException("/x/y", null, "No space left on device"))))
                .isEqualTo("The disk is full while writing /x/y: free some space and run again");
        assertThat(FailureSentence.of(new IOException("write failed: No space left on device")))
                .startsWith("The disk is full");
        assertThat(FailureSentence.of(new AccessDeniedException("/x"))).startsWith("No permission for /x");
        assertThat(FailureSentence.of(new OutOfMemoryError("Java heap space"))).contains("ARCLIGHT_MEMORY");
    }

    @Test
    void aDefectNamesItsKindAndHowToSeeMore() {
        assertThat(FailureSentence.of(new IllegalStateException("broken\nsecond line")))
                .contains("IllegalStateException", "broken", "--debug")
                .doesNotContain("second line");
    }
}
