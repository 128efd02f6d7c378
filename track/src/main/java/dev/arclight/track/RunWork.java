package dev.arclight.track;

/**
 * What is done within a run.
 *
 * @param <T> what comes of it
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface RunWork<T, X extends Exception> {
    T in(ActiveRun run) throws X;
}
