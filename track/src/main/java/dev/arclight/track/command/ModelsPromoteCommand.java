package dev.arclight.track.command;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Promotion;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight models promote}. */
@Command(
        name = "promote",
        description =
                "Moves an alias to a version, if the model's gates let it through (see: arclight models gates), and"
                        + " writes down who did it and why.")
final class ModelsPromoteCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Parameters(index = "0", paramLabel = "MODEL", description = "The name of the registered model")
    private String name = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version that the alias shall name")
    private int version;

    @Option(names = "--alias", defaultValue = "champion", description = "Default: ${DEFAULT-VALUE}")
    private String alias = "champion";

    @Option(names = "--why", required = true, description = "A sentence for those who look later")
    private String why = "";

    @Option(
            names = "--expect",
            paramLabel = "VERSION",
            description = "Only if the alias names this version now, or 'none'")
    private @Nullable String expected;

    @Override
    public int run(CommandContext context) throws IOException {
        if (why.isBlank()) {
            throw badInput("--why is empty: say in a sentence why version %d is promoted".formatted(version));
        }
        try (Tracking tracking = store.open(context)) {
            Promotion promotion = Promotion.of(name, alias, version).because(why);
            AliasChange change =
                    tracking.promote(expected == null ? promotion : promotion.expecting(expectation(expected)));
            context.out().println(store.json() ? Texts.json(ModelsShowCommand.json(change)) : sentence(change));
            return 0;
        }
    }

    /** What happened, for a person. */
    static String sentence(AliasChange change) {
        return TextTable.clean("%s@%s now names version %s (before: %s)"
                .formatted(
                        change.name(),
                        change.alias(),
                        Texts.version(change.to()),
                        change.from().isPresent() ? "version " + change.from().getAsInt() : "none"));
    }

    private static Optional<Integer> expectation(String text) {
        if (text.equals("none")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw badInput("--expect is '%s': expected a version number or 'none'".formatted(text));
        }
    }
}
