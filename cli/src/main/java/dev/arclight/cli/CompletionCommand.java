package dev.arclight.cli;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code arclight completion}. */
@Command(
        name = "completion",
        description = {"Print a completion script for bash and zsh.", "", "Use it now: source <(arclight completion)"})
public final class CompletionCommand implements ArclightCommand {
    @Override
    public int run(CommandContext context) {
        context.out().print(AutoComplete.bash("arclight", CommandLineProgram.commands(new CommandLineProgram.Root())));
        return 0;
    }
}
