package dev.arclight.track.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight tracking token}: who may use a tracking server. */
@Command(
        name = "token",
        description =
                "Makes a token for the tracking server, takes one away, or lists whose there are. A server that runs"
                        + " knows within two seconds; one that was started without any asks for none.")
public final class TrackingTokenCommand implements ArclightCommand {
    /** What to do. */
    enum Action {
        ADD,
        REVOKE,
        LIST
    }

    @Parameters(index = "0", paramLabel = "ACTION", description = "add, revoke or list")
    private Action action = Action.LIST;

    @Parameters(index = "1", paramLabel = "OWNER", arity = "0..1", description = "A person or program")
    private @Nullable String owner;

    @Option(names = "--role", defaultValue = "WRITE", description = "read, write or admin; default: write")
    private Role role = Role.WRITE;

    @Option(names = "--store", paramLabel = "DIR", description = "The store. Default: as for arclight runs")
    private @Nullable String storeUri;

    @Option(names = "--tokens", paramLabel = "FILE", description = "Default: the file tokens in the store's folder")
    private @Nullable Path tokens;

    @Override
    public int run(CommandContext context) throws IOException {
        String uri = storeUri == null ? context.settings().text(StoreOption.SETTING, StoreOption.DEFAULT) : storeUri;
        TokenFile file = new TokenFile(tokens == null ? Path.of(uri, "tokens") : tokens);
        switch (action) {
            case ADD -> context.out().println(file.add(required(), role));
            case REVOKE -> file.revoke(required());
            case LIST -> {
                TextTable table = new TextTable("OWNER", "ROLE");
                for (Token token : file.tokens()) {
                    table.add(token.owner(), token.role().name().toLowerCase(Locale.ROOT));
                }
                table.print(context.out());
            }
        }
        return 0;
    }

    private String required() {
        if (owner == null) {
            throw ArclightException.badInput("Name whose token: arclight tracking token %s OWNER"
                    .formatted(action.name().toLowerCase(Locale.ROOT)));
        }
        return owner;
    }
}
