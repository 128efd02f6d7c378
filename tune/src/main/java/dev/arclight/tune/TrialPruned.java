package dev.arclight.tune;

/** Ends a trial that its study's pruner gave up. Thrown by {@link Trial#report}; objectives let it pass. */
public final class TrialPruned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrialPruned(int number, int step) {
        super("Trial %d was pruned at step %d".formatted(number, step), null, false, false);
    }
}
