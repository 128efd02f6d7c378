package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Page;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.RegistrySearch;
import dev.arclight.track.Tracking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code arclight models list}. */
@Command(name = "list", description = "Lists registered models and their aliases.")
final class ModelsListCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Override
    public int run(CommandContext context) {
        try (Tracking tracking = store.open(context)) {
            List<RegisteredModel> models = Page.all(
                    token -> tracking.registry().search(RegistrySearch.all().withPageToken(token)));
            if (store.json()) {
                context.out()
                        .println(Texts.json(
                                models.stream().map(ModelsListCommand::json).toList()));
                return 0;
            }
            TextTable table = new TextTable("MODEL", "LATEST", "ALIASES", "UPDATED");
            for (RegisteredModel model : models) {
                table.add(
                        model.name(),
                        Integer.toString(latest(model)),
                        aliases(model),
                        Texts.time(model.updatedMillis()));
            }
            if (table.isEmpty()) {
                context.out().println("No registered models.");
            } else {
                table.print(context.out());
            }
            return 0;
        }
    }

    private static int latest(RegisteredModel model) {
        return model.latestVersions().stream()
                .mapToInt(ModelVersion::version)
                .max()
                .orElse(0);
    }

    private static String aliases(RegisteredModel model) {
        List<String> aliases = new ArrayList<>();
        new TreeMap<>(model.aliases()).forEach((alias, version) -> aliases.add("%s=%d".formatted(alias, version)));
        return String.join(" ", aliases);
    }

    private static Map<String, Object> json(RegisteredModel model) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", model.name());
        json.put("latest_version", latest(model));
        json.put("aliases", new TreeMap<>(model.aliases()));
        json.put("description", model.description());
        json.put("tags", new TreeMap<>(model.tags()));
        json.put("last_updated_timestamp", model.updatedMillis());
        return json;
    }
}
