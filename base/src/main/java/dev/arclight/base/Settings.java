package dev.arclight.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Configuration by key, from flags over environment over files over defaults. Immutable.
 *
 * <p>Keys are kebab-case under {@code arclight.}; {@code arclight.tracking-uri} is {@code ARCLIGHT_TRACKING_URI} in the
 * environment. Files are Java properties files: {@code arclight.properties} in the working directory over
 * {@code ~/.config/arclight/config.properties}.
 */
public final class Settings {
    /**
     * A value and where it comes from.
     *
     * @param text as written
     * @param origin for a person: {@code flag --master}, {@code environment ARCLIGHT_MASTER}, a file's path, or
     *     {@code default}
     */
    public record Value(String text, String origin) {}

    private final Map<String, Value> values;

    private Settings(Map<String, Value> values) {
        this.values = Map.copyOf(values);
    }

    /** Holds nothing: every key has its default. */
    public static Settings empty() {
        return new Settings(Map.of());
    }

    /**
     * Reads the layers.
     *
     * @param flags key to value; the highest layer
     * @param environment such as {@link System#getenv()}
     * @param files later ones win; those that do not exist are passed over
     * @throws ArclightException {@link ErrorCode#BAD_INPUT} if a file cannot be read
     */
    public static Settings of(Map<String, Value> flags, Map<String, String> environment, Path... files) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (Path file : files) {
            read(file, values);
        }
        environment.forEach((name, text) -> {
            if (name.startsWith("ARCLIGHT_") && !text.isEmpty()) {
                values.put(keyOf(name), new Value(text, "environment " + name));
            }
        });
        values.putAll(flags);
        return new Settings(values);
    }

    /** The value of {@code key}, if any layer has one. */
    public Optional<Value> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** The value of {@code key}, or {@code fallback}. */
    public String text(String key, String fallback) {
        return find(key).map(Value::text).orElse(fallback);
    }

    /** The value of {@code setting}, or its default. */
    public String text(Setting setting) {
        return text(setting.key(), setting.defaultText());
    }

    /** Everything that some layer sets, by key in order. */
    public Map<String, Value> all() {
        return new TreeMap<>(values);
    }

    /** These settings with {@code key} set to {@code value}. */
    public Settings with(String key, Value value) {
        Map<String, Value> copy = new LinkedHashMap<>(values);
        copy.put(key, Objects.requireNonNull(value));
        return new Settings(copy);
    }

    private static void read(Path file, Map<String, Value> into) {
        if (!Files.exists(file)) {
            return;
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "Cannot read the settings file %s: %s".formatted(file, e.getMessage()), e);
        }
        properties
                .stringPropertyNames()
                .forEach(key -> into.put(key, new Value(properties.getProperty(key), file.toString())));
    }

    private static String keyOf(String environmentName) {
        return "arclight."
                + environmentName
                        .substring("ARCLIGHT_".length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
    }
}
