package dev.arclight.base.command;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.progress.Progress;
import java.io.PrintWriter;

/**
 * What a command works with.
 *
 * @param out results, for a person or a pipe; flushed by the caller at the end
 * @param err messages
 * @param progress bars on a terminal, plain lines otherwise; never on {@code out}
 * @param settings flags over environment over file
 * @param cleanup run at the end and on Ctrl-C
 * @param debug whether stack traces are wanted
 */
public record CommandContext(
        PrintWriter out, PrintWriter err, Progress progress, Settings settings, Cleanup cleanup, boolean debug) {}
