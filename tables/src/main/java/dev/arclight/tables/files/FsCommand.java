package dev.arclight.tables.files;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight fs}. */
@Command(
        name = "fs",
        description = {
            "Files on any filesystem: local paths, azureml://, abfss://, gs://, s3a://, dbfs:, hdfs://, ... Patterns (*, ?,"
                    + " {a,b}) are for quoting.",
            ""
        },
        subcommands = {
            FsListCommand.class,
            FsCatCommand.class,
            FsCopyCommand.class,
            FsSizeCommand.class,
            FsTablesCommand.class
        })
public final class FsCommand implements ArclightCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Which of ls, cat, cp, du and tables?");
    }
}
