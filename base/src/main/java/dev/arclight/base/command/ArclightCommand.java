package dev.arclight.base.command;

import java.util.List;

/**
 * A subcommand of {@code arclight}. An implementation is a picocli {@code @Command} class with a public no-argument
 * constructor, named in {@code META-INF/services/dev.arclight.base.command.ArclightCommand}; its own subcommands
 * (static nested classes named in {@code @Command(subcommands = ...)}) implement this interface too.
 *
 * <p>Constructing one must be cheap and must not touch Spark: every start of {@code arclight} constructs all of them.
 */
public interface ArclightCommand {
    /**
     * Loads what {@link #run} will need in any case. Called on another thread while the options are read, where this
     * command was asked for; {@code run} may begin before it ends, or be left out. Must change nothing but the JVM.
     */
    default void prepare() {}

    /**
     * Sets the fields from arguments of the simplest form and says whether it could; for a command whose start must be
     * fast, since reading the arguments by picocli takes as long as the whole rest of a small program. Where this
     * refuses, picocli reads them and says what is wrong. Both must set the same. Asked for only in a class that is
     * called as the command is, such as {@code ServeCommand} for {@code serve}.
     *
     * @param arguments those after the command's name
     */
    default boolean takes(List<String> arguments) {
        return false;
    }

    /**
     * Does the work. Options are already parsed into the fields.
     *
     * @return exit code: 0, or 1 where a failure was reported to the user already
     * @throws dev.arclight.base.ArclightException shown as one sentence, exit code 1
     * @throws picocli.CommandLine.ParameterException for wrong usage: shown with a hint, exit code 2
     * @throws Exception anything else is shown as a defect, exit code 1
     */
    int run(CommandContext context) throws Exception;
}
