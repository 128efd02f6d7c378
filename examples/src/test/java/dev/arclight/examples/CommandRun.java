package dev.arclight.examples;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** Runs a command in this JVM. */
public final class CommandRun {
    private CommandRun() {}

    /** Returns what it printed; throws what the command throws. */
    public static String of(ArclightCommand root, Object... arguments) throws Exception {
        CommandLine.ParseResult parsed = new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
        List<CommandLine> all = parsed.asCommandLineList();
        ArclightCommand command = (ArclightCommand) all.get(all.size() - 1).getCommand();
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
