package dev.arclight.base.addon;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code arclight install}. */
@Command(
        name = "install",
        description = {"Install an add-on into your home folder; without a name, list them."})
public final class InstallCommand implements ArclightCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The add-on.")
    Optional<String> name = Optional.empty();

    @Override
    public int run(CommandContext context) throws InterruptedException {
        Map<String, AddOn> known = new TreeMap<>();
        ServiceLoader.load(AddOn.class).forEach(addOn -> known.put(addOn.name(), addOn));
        if (name.isEmpty()) {
            known.values().forEach(addOn -> context.out().printf("%-8s %s%n", addOn.name(), addOn.description()));
            return 0;
        }
        AddOn wanted = known.get(name.get());
        if (wanted == null) {
            throw ArclightException.notFound(
                    "There is no add-on '%s': there are %s".formatted(name.get(), String.join(", ", known.keySet())));
        }
        Map<String, String> environment = System.getenv();
        Path folder = AddOns.folder(environment).resolve(wanted.name());
        wanted.install(folder, environment, context);
        context.out().printf("Installed %s in %s%n", wanted.name(), folder);
        return 0;
    }
}
