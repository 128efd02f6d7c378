package dev.arclight.cli;

import dev.arclight.base.Setting;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** {@code arclight config}. */
@Command(
        name = "config",
        description = {
            "Show every setting, its value and where it comes from.",
            "",
            "Flags (--set KEY=VALUE) win over the environment (arclight.tracking-uri is ARCLIGHT_TRACKING_URI), which"
                    + " wins over ./arclight.properties, which wins over ~/.config/arclight/config.properties."
        })
public final class ConfigCommand implements ArclightCommand {
    // Never shown, wherever they come from.
    private static final Set<String> SECRET_WORDS = Set.of("token", "password", "secret", "key");

    @Override
    public int run(CommandContext context) {
        TreeMap<String, Setting> known = new TreeMap<>();
        for (Setting.Catalog catalog : ServiceLoader.load(Setting.Catalog.class)) {
            catalog.settings().forEach(setting -> known.put(setting.key(), setting));
        }
        TreeSet<String> keys = new TreeSet<>(known.keySet());
        keys.addAll(context.settings().all().keySet());
        for (String key : keys) {
            Setting setting = known.get(key);
            Settings.Value value = context.settings()
                    .find(key)
                    .orElseGet(() -> new Settings.Value(setting == null ? "" : setting.defaultText(), "default"));
            String text = secret(key) ? "(hidden)" : value.text().isEmpty() ? "(none)" : shown(value.text());
            context.out().printf("%s = %s%n", key, text);
            context.out().printf("    from %s%n", value.origin());
            context.out()
                    .printf("    %s%n", setting == null ? "Not a setting of Arclight: misspelt?" : setting.meaning());
        }
        return 0;
    }

    /** An address may hold a password: before its host, or as one of its parameters. */
    private static String shown(String text) {
        return text.replaceAll("(://[^/@:\\s]*:)[^/@\\s]+@", "$1(hidden)@")
                .replaceAll("(?i)([?&;](?:[a-z_-]*(?:password|passwd|secret|token|sig))=)[^&;\\s]+", "$1(hidden)");
    }

    private static boolean secret(String key) {
        return SECRET_WORDS.stream().anyMatch(word -> key.endsWith("-" + word) || key.endsWith("." + word));
    }
}
