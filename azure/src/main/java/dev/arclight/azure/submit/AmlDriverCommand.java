package dev.arclight.azure.submit;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.Application;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code arclight aml-driver}: what {@code arclight-aml-start.py} runs on rank 0 once the Ray cluster is up. */
@Command(
        name = "aml-driver",
        hidden = true,
        description = "Run the application that 'arclight submit --master aml' shipped, on the Ray cluster of"
                + " RAY_ADDRESS.")
@SuppressWarnings("NullAway.Init") // picocli sets the field
public final class AmlDriverCommand implements ArclightCommand {
    @Parameters(paramLabel = "FOLDER", description = "Holds request.json and jars.")
    Path folder;

    @Override
    public int run(CommandContext context) throws Exception {
        Application.run(RequestFile.read(folder.toAbsolutePath(), Master.of("ray")));
        return 0;
    }
}
