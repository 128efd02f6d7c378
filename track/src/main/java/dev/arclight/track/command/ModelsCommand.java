package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code arclight models}: registered models, their versions and who moved which alias. */
@Command(
        name = "models",
        description = "Looks at registered models, promotes and rolls back.",
        subcommands = {
            ModelsListCommand.class,
            ModelsShowCommand.class,
            ModelsGatesCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class
        })
public final class ModelsCommand implements ArclightCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Missing subcommand: list, show, gates, promote or rollback");
    }
}
