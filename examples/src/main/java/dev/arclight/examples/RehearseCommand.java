package dev.arclight.examples;

import dev.arclight.base.AtomicFiles;
import dev.arclight.base.Cleanup;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.examples.wine.WineCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Runs a small demo in a temporary folder, so that the launcher can archive the classes that a program loads (see
 * decision 002).
 */
@Command(name = "rehearse", hidden = true, description = "Load the classes that most commands need.")
public final class RehearseCommand implements ArclightCommand {
    @Override
    public int run(CommandContext context) throws Exception {
        Path folder = Files.createTempDirectory("arclight-rehearsal");
        Cleanup.Registration registration = context.cleanup().register(() -> AtomicFiles.deleteTree(folder));
        try {
            WineCommand demo = new WineCommand();
            new CommandLine(demo).parseArgs("--out", folder.toString(), "--evals", "2");
            return demo.run(context);
        } finally {
            registration.close();
            AtomicFiles.deleteTree(folder);
        }
    }
}
