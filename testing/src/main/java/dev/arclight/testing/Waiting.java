package dev.arclight.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The pause between two looks at a condition; whoever loops checks a deadline. */
final class Waiting {
    private Waiting() {}

    /** Returns after about 10 ms, at once when interrupted; the interrupt stays set. */
    static void pause() {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
}
