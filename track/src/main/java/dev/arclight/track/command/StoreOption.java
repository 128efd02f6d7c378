package dev.arclight.track.command;

import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Tracking;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store, and how to print what is in it: options that all of these commands share. */
final class StoreOption {
    static final String SETTING = "arclight.tracking-uri";
    static final String DEFAULT = "arclight-out/tracking";

    @Option(
            names = "--tracking",
            paramLabel = "URI",
            description = "The tracking store: a folder, jdbc:postgresql://host/database, http(s)://host, databricks or"
                    + " databricks://profile. Default: the setting arclight.tracking-uri, else " + DEFAULT)
    private @Nullable String uri;

    @Option(names = "--json", description = "Print JSON for scripts")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Opens the store; the caller closes it. */
    Tracking open(CommandContext context) {
        return Tracking.openExisting(uri == null ? context.settings().text(SETTING, DEFAULT) : uri);
    }
}
