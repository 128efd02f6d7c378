package dev.arclight.azure.deploy;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight deploy}. */
@Command(
        name = "deploy",
        description = "Bring a server to where others reach it.",
        subcommands = DeployServingCommand.class)
@SuppressWarnings("NullAway.Init") // picocli sets the field
public final class DeployCommand implements ArclightCommand {
    @Spec
    CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Deploy what? There is serving");
    }
}
