package dev.arclight.engine;

import java.nio.file.Path;
import java.util.Map;

/** Where sessions keep what {@code arclight history} shows. */
final class EventLogs {
    private EventLogs() {}

    static Path folder(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return base.resolve("arclight").resolve("events");
    }
}
