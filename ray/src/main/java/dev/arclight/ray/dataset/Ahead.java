package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * One call on a thread of its own, so that a task works on a block while another is on its way. Safe for use by many
 * threads.
 *
 * @param <T> what the call gives
 */
final class Ahead<T> {
    private final String what;
    private final CompletableFuture<T> done = new CompletableFuture<>();

    private Ahead(String what) {
        this.what = what;
    }

    /**
     * Begins a call, which has its own time-out.
     *
     * @param what the call does to a block, for a failure that is not one of ours: {@code handed over}
     */
    static <T> Ahead<T> begin(String what, Supplier<T> call) {
        Ahead<T> ahead = new Ahead<>(what);
        Thread thread = new Thread(
                () -> {
                    try {
                        ahead.done.complete(call.get());
                    } catch (RuntimeException | Error e) {
                        ahead.done.completeExceptionally(e);
                    }
                },
                "arclight-block");
        thread.setDaemon(true);
        thread.start();
        return ahead;
    }

    /** What the call gave; throws what it threw. */
    T await() throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ArclightException ours
                    ? ours
                    : new ArclightException(
                            ErrorCode.INTERNAL, "A block was not %s: %s".formatted(what, e.getCause()), e);
        }
    }
}
