package dev.arclight.examples.taxi;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight taxi}. */
@Command(
        name = "taxi",
        description = "New York's taxi trips: raw files of any year to one schema, and a revenue report.",
        subcommands = {
            ConvertCommand.class,
            ReportCommand.class,
            DurationCommand.class,
            FareCommand.class,
            ExamplesCommand.class
        })
public final class TaxiCommand implements ArclightCommand {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    public TaxiCommand() {}

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(
                spec.commandLine(),
                "Missing what to do with taxi trips: "
                        + String.join(" or ", spec.subcommands().keySet()));
    }
}
