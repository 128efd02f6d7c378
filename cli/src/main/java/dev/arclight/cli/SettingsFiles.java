package dev.arclight.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where settings files lie. */
final class SettingsFiles {
    private SettingsFiles() {}

    /** Lowest first: the user's own, then the working directory's. */
    static Path[] of(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path home = config.isEmpty() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(config);
        return new Path[] {home.resolve("arclight/config.properties"), Path.of("arclight.properties")};
    }
}
