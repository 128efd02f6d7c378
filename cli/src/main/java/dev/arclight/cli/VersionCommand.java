package dev.arclight.cli;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import picocli.CommandLine.Command;

/** {@code arclight version}. */
@Command(name = "version", description = "Show the versions of Arclight and of what it runs on.")
public final class VersionCommand implements ArclightCommand {
    @Override
    public int run(CommandContext context) {
        Versions versions = Versions.ofThisBuild();
        context.out().printf("arclight %s%n", versions.arclight());
        context.out()
                .printf("spark %s, scala %s, xgboost %s%n", versions.spark(), versions.scala(), versions.xgboost());
        context.out()
                .printf(
                        "java %s (%s), %s %s%n",
                        System.getProperty("java.version"),
                        System.getProperty("java.vendor"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
        return 0;
    }
}
