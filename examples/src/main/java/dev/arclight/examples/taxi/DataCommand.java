package dev.arclight.examples.taxi;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight data}. */
@Command(name = "data", description = "Make or fetch example data.", subcommands = TaxiDataCommand.class)
public final class DataCommand implements ArclightCommand {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    public DataCommand() {}

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Missing which data: arclight data taxi");
    }
}
