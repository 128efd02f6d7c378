package dev.arclight.track.command;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Tracking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight models rollback}. */
@Command(name = "rollback", description = "Undoes the latest promotion of an alias.")
final class ModelsRollbackCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Parameters(paramLabel = "MODEL", description = "The name of the registered model")
    private String name = "";

    @Option(names = "--alias", defaultValue = "champion", description = "Default: ${DEFAULT-VALUE}")
    private String alias = "champion";

    @Option(names = "--why", required = true, description = "A sentence for those who look later")
    private String why = "";

    @Override
    public int run(CommandContext context) {
        if (why.isBlank()) {
            throw badInput("--why is empty: say in a sentence why '%s' is rolled back".formatted(alias));
        }
        try (Tracking tracking = store.open(context)) {
            AliasChange change =
                    tracking.registry().rollback(name, alias, System.getProperty("user.name", "unknown"), why);
            context.out()
                    .println(
                            store.json()
                                    ? Texts.json(ModelsShowCommand.json(change))
                                    : ModelsPromoteCommand.sentence(change));
            return 0;
        }
    }
}
