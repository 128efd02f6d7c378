package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Tracking;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code arclight tracking artifacts}: a store's files after they were copied elsewhere. */
@Command(
        name = "artifacts",
        description =
                "Tells a store that its files of runs and models were copied elsewhere. End all programs that use the"
                        + " store before you copy.")
public final class TrackingArtifactsCommand implements ArclightCommand {
    @Option(names = "--store", paramLabel = "DIR", description = "The store. Default: as for arclight runs")
    private @Nullable String storeUri;

    @Option(
            names = "--moved-to",
            paramLabel = "URI",
            required = true,
            description = "Where they are now; as arclight tracking --artifacts takes it")
    private String address = "";

    @Override
    public int run(CommandContext context) {
        String uri = storeUri == null ? context.settings().text(StoreOption.SETTING, StoreOption.DEFAULT) : storeUri;
        Tracking.artifactsMoved(uri, address);
        context.out().println("The artifacts of %s are at %s now.".formatted(uri, address));
        return 0;
    }
}
