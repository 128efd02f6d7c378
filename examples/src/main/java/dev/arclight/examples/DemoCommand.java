package dev.arclight.examples;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.examples.wine.WineCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight demo}. */
@Command(
        name = "demo",
        description = "Run a whole example, from raw tables to a report.",
        subcommands = WineCommand.class)
public final class DemoCommand implements ArclightCommand {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    public DemoCommand() {}

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Missing which demo: arclight demo wine");
    }
}
