package dev.arclight.azure.submit;

import dev.arclight.base.progress.Progress;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a submission has made so far, to be removed if it fails. Not for use by many threads. */
final class Undo {
    private record Made(String what, Action removal) {}

    /** Removes one thing. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private final Deque<Made> made = new ArrayDeque<>();

    /** Noted before the thing is made, so that a part of it is removed too. */
    void before(String what, Action removal) {
        made.push(new Made(what, removal));
    }

    /** Removes all, the last first. What cannot be removed is said, and does not hide why we are here. */
    void all(Throwable because, Progress progress) {
        boolean interrupted = Thread.interrupted(); // removing asks services, which an interrupt would end at once
        while (!made.isEmpty()) {
            Made one = made.pop();
            try {
                one.removal().run();
            } catch (Exception e) {
                because.addSuppressed(e);
                progress.message("Left behind, remove it by hand: %s (%s)".formatted(one.what(), e.getMessage()));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
