package dev.arclight.ray.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a silent head is told. */
final class HeadWatchTest {
    private static final Duration EVERY = Duration.ofMillis(5);

    /** An exception ends a schedule without a word: the head's loss would never be told. */
    @Test
    void aLookThatFailsDoesNotEndTheWatch() {
        AtomicInteger looks = new AtomicInteger();
        List<Optional<Duration>> told = new CopyOnWriteArrayList<>();
        try (HeadWatch watch = new HeadWatch(
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("as asked");
                    }
                    return looks.get() > 3;
                },
                EVERY,
                Duration.ZERO,
                told::add)) {
            watch.begin();
            Await.until("its return", Duration.ofMinutes(1), () -> told.contains(Optional.<Duration>empty()));
        }
        assertThat(told).hasSize(3);
        assertThat(told.get(0)).isPresent();
    }
}
