package dev.arclight.base.addon;

import java.nio.file.Path;
import java.util.Map;

/** Where add-ons are. */
public final class AddOns {
    private AddOns() {}

    /**
     * The user's folder for add-ons: {@code arclight/addons} of {@code XDG_DATA_HOME}, by default
     * {@code ~/.local/share}.
     */
    public static Path folder(Map<String, String> environment) {
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(data);
        return base.resolve("arclight").resolve("addons");
    }
}
