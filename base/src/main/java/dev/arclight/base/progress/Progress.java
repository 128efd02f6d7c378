package dev.arclight.base.progress;

/**
 * Shows how far long work has come. Implementations are safe for use by many threads.
 *
 * <pre>{@code
 * try (Progress.Task task = progress.start("sweep", 32, "trials")) {
 *     task.advance(1);
 *     task.note("best AUC 0.8987");
 * }
 * }</pre>
 */
public interface Progress {
    /** Shows nothing. */
    Progress NONE = new SilentProgress();

    /**
     * Begins a piece of work.
     *
     * @param label what is done, a few words
     * @param total how many units there are, or 0 where that is not known
     * @param unit plural noun, such as {@code rows}
     * @return owned by the caller, who closes it: closed without {@link Task#fail} means done
     */
    Task start(String label, long total, String unit);

    /** A line for the user, kept above any bars. */
    void message(String line);

    /** One piece of work under way. Methods are cheap enough to call once an item. */
    interface Task extends AutoCloseable {
        /** Adds to what is done. */
        void advance(long units);

        /** Sets what is done. */
        void moveTo(long units);

        /** Replaces the remark at the end of the line, such as the best value so far. */
        void note(String remark);

        /** Ends the work as failed; a later {@link #close()} does nothing. */
        void fail(String reason);

        /** Ends the work. Idempotent. */
        @Override
        void close();
    }
}
