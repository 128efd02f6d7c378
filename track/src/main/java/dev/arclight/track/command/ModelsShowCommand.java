package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.AliasChange;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Tracking;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code arclight models show}. */
@Command(name = "show", description = "Shows a model's versions and who moved its aliases, when and why.")
final class ModelsShowCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Parameters(paramLabel = "MODEL", description = "The name of the registered model")
    private String name = "";

    @Override
    public int run(CommandContext context) {
        try (Tracking tracking = store.open(context)) {
            RegisteredModel model = tracking.registry().load(name);
            List<ModelVersion> versions = tracking.registry().versions(name);
            List<AliasChange> history = tracking.registry().history(name);
            if (store.json()) {
                context.out().println(Texts.json(json(model, versions, history)));
                return 0;
            }
            context.out().println(TextTable.clean(model.name()));
            if (!model.description().isEmpty()) {
                context.out().println(TextTable.clean(model.description()));
            }
            context.out().println();
            TextTable table = new TextTable("VERSION", "ALIASES", "RUN", "REGISTERED", "SOURCE");
            for (ModelVersion version : versions) {
                table.add(
                        Integer.toString(version.version()),
                        String.join(" ", version.aliases()),
                        Texts.id(version.runId()),
                        Texts.time(version.createdMillis()),
                        version.source());
            }
            table.print(context.out());
            TextTable changes = new TextTable("WHEN", "ALIAS", "WHAT", "FROM", "TO", "WHO", "WHY");
            for (AliasChange change : history) {
                changes.add(
                        Texts.time(change.atMillis()),
                        change.alias(),
                        change.kind().name().toLowerCase(java.util.Locale.ROOT),
                        Texts.version(change.from()),
                        Texts.version(change.to()),
                        change.who(),
                        change.why());
            }
            if (!changes.isEmpty()) {
                context.out().println();
                changes.print(context.out());
            }
            return 0;
        }
    }

    private static Map<String, Object> json(
            RegisteredModel model, List<ModelVersion> versions, List<AliasChange> history) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", model.name());
        json.put("description", model.description());
        json.put("aliases", new TreeMap<>(model.aliases()));
        json.put("tags", new TreeMap<>(model.tags()));
        json.put("versions", versions.stream().map(ModelsShowCommand::json).toList());
        json.put("history", history.stream().map(ModelsShowCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(ModelVersion version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", version.version());
        json.put("source", version.source());
        json.put("run_id", version.runId());
        json.put("model_id", version.modelId());
        json.put("aliases", version.aliases());
        json.put("tags", new TreeMap<>(version.tags()));
        json.put("description", version.description());
        json.put("user", version.user());
        json.put("creation_timestamp", version.createdMillis());
        return json;
    }

    /** A change as scripts get it. */
    static Map<String, Object> json(AliasChange change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", change.name());
        json.put("alias", change.alias());
        json.put("kind", change.kind().name());
        json.put("from", boxed(change.from()));
        json.put("to", boxed(change.to()));
        json.put("at", change.atMillis());
        json.put("who", change.who());
        json.put("why", change.why());
        json.put("evidence", new TreeMap<>(change.evidence()));
        return json;
    }

    private static @Nullable Integer boxed(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : null;
    }
}
