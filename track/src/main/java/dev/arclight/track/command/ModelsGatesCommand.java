package dev.arclight.track.command;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Tracking;
import dev.arclight.track.gates.Gate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight models gates}. */
@Command(
        name = "gates",
        description =
                "Shows or changes what a version of a model must show before it is promoted. There is no way around"
                        + " a gate but to remove it.")
final class ModelsGatesCommand implements ArclightCommand {
    @Mixin
    private final StoreOption store = new StoreOption();

    @Parameters(paramLabel = "MODEL", description = "The name of the registered model")
    private String name = "";

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            description = "It must be better than that of the version the alias names")
    private @Nullable String metric;

    @Option(names = "--min-gain", defaultValue = "0", description = "By how much; default: ${DEFAULT-VALUE}")
    private double minGain;

    @Option(names = "--lower-is-better", description = "For errors and losses")
    private boolean lowerIsBetter;

    @Option(names = "--golden-rows", description = "The model must predict its golden rows as when it was trained")
    private boolean goldenRows;

    @Option(names = "--remove", paramLabel = "GATE", description = "A metric, or golden-rows")
    private @Nullable String remove;

    @Override
    public int run(CommandContext context) {
        if (metric == null && (lowerIsBetter || minGain != 0)) {
            throw badInput("--min-gain and --lower-is-better need --metric");
        }
        try (Tracking tracking = store.open(context)) {
            if (remove != null) {
                remove(tracking, remove);
            }
            if (metric != null) {
                set(tracking, new Gate.BetterThanPresent(metric, minGain, !lowerIsBetter));
            }
            if (goldenRows) {
                set(tracking, new Gate.GoldenRowsPass());
            }
            print(context, Gate.of(tracking.registry().load(name)));
            return 0;
        }
    }

    private void set(Tracking tracking, Gate gate) {
        tracking.registry().setTag(name, gate.key(), gate.text());
    }

    private void remove(Tracking tracking, String which) {
        RegisteredModel model = tracking.registry().load(name);
        String key = Gate.tagged(model.tags()).keySet().stream() // also one that cannot be read
                .filter(known -> Gate.name(known).equals(which))
                .findFirst()
                .orElseThrow(() -> badInput("Model '%s' has no gate '%s'".formatted(name, which)));
        tracking.registry().deleteTag(name, key);
    }

    private void print(CommandContext context, List<Gate> gates) {
        if (store.json()) {
            Map<String, String> json = new LinkedHashMap<>();
            gates.forEach(gate -> json.put(gate.name(), gate.text()));
            context.out().println(Texts.json(json));
            return;
        }
        if (gates.isEmpty()) {
            context.out().println("No gates: any version may be promoted.");
            return;
        }
        TextTable table = new TextTable("GATE", "WANTS");
        gates.forEach(gate -> table.add(gate.name(), gate.text()));
        table.print(context.out());
    }
}
