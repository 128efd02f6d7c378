package dev.arclight.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CleanupTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void actionsRunLastFirstAndOnceAndAWithdrawnOneNever() {
        Cleanup cleanup = new Cleanup();
        cleanup.register(() -> done.add("first"));
        Cleanup.Registration second = cleanup.register(() -> done.add("second"));
        cleanup.register(() -> done.add("third"));
        second.close();
        cleanup.close();
        cleanup.close();
        assertThat(done).containsExactly("third", "first");
    }

    @Test
    void oneFailureDoesNotKeepTheOthersFromRunning() {
        Cleanup cleanup = new Cleanup();
        cleanup.register(() -> done.add("first"));
        cleanup.register(() -> {
            throw new IllegalStateException("stuck");
        });
        assertThatThrownBy(cleanup::close).hasMessageContaining("stuck");
        assertThat(done).containsExactly("first");
    }

    @Test
    void whatIsRegisteredTooLateRunsAtOnce() {
        Cleanup cleanup = new Cleanup();
        cleanup.close();
        cleanup.register(() -> done.add("late"));
        assertThat(done).containsExactly("late");
        assertThat(cleanup.isClosed()).isTrue();
    }

    @Test
    void aClassThatIsMissingDoesNotKeepTheOthersFromRunning() {
        Cleanup cleanup = new Cleanup();
        cleanup.register(() -> done.add("first"));
        cleanup.register(() -> {
            throw new NoClassDefFoundError("gone");
        });
        assertThatThrownBy(cleanup::close).hasMessageContaining("gone");
        assertThat(done).containsExactly("first");
    }

    @Test
    void whatRunsTooLateAndFailsSaysSo() {
        Cleanup cleanup = new Cleanup();
        cleanup.close();
        assertThatThrownBy(() -> cleanup.register(() -> {
                    throw new IllegalStateException("stuck");
                }))
                .hasMessageContaining("stuck");
    }
}
