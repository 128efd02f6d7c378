package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code arclight runs}: what was run, and how it went. */
@Command(
        name = "runs",
        description = "Looks at tracked runs.",
        subcommands = {RunsListCommand.class, RunsShowCommand.class, RunsCompareCommand.class})
public final class RunsCommand implements ArclightCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand: list, show or compare");
    }
}
