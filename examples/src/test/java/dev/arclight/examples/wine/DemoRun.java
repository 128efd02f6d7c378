package dev.arclight.examples.wine;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** Runs {@code arclight demo wine} in this JVM. */
final class DemoRun {
    private DemoRun() {}

    /** Returns what it printed; throws what the command throws. */
    static String of(Object... arguments) throws Exception {
        WineCommand command = new WineCommand();
        new CommandLine(command)
                .parseArgs(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
        StringWriter out = new StringWriter();
        try (Cleanup cleanup = new Cleanup()) {
            command.run(new CommandContext(
                    new PrintWriter(out),
                    new PrintWriter(new StringWriter()),
                    Progress.NONE,
                    Settings.empty(),
                    cleanup,
                    true));
        }
        return out.toString();
    }
}
