package dev.arclight.base.progress;

import java.io.OutputStream;
import java.util.Map;

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
     * For a program: bars if standard error is a terminal that can draw over its lines, plain lines otherwise
     * ({@code TERM=dumb}, {@code CI}, a pipe, a file). {@code NO_COLOR} is heeded.
     */
    static Progress onStandardError() {
        return of(System.err, System.getenv(), Terminal.isStandardError());
    }

    /**
     * Bars if {@code out} is a terminal that can draw over its lines, plain lines otherwise.
     *
     * @param out owned by the caller; what else is written to it meanwhile goes through {@link #message}, or disturbs
     *     the bars
     * @param environment as {@link System#getenv()}: {@code TERM}, {@code CI}, {@code NO_COLOR}, {@code COLUMNS} and
     *     the locale's variables are looked at
     * @param terminal whether {@code out} ends at a terminal
     */
    static Progress of(OutputStream out, Map<String, String> environment, boolean terminal) {
        return terminal && Terminal.redraws(environment)
                ? new TerminalProgress(out, Terminal.of(environment), System::nanoTime, true)
                : new LineProgress(out, System::nanoTime);
    }

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
