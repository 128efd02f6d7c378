package dev.arclight.google.install;

import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.addon.PinnedJars;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** What {@code gs://} needs beside the release: Google's connector. */
public final class GoogleAddOn implements AddOn {
    /** The folder below that of the add-on; the launcher looks there. */
    static final String LIB = "lib";

    @Override
    public String name() {
        return "google";
    }

    @Override
    public String description() {
        return "gs:// paths and drivers on Dataproc: Google's Cloud Storage connector (41 MB)";
    }

    @Override
    public void install(Path folder, Map<String, String> environment, CommandContext context) {
        jars().install(name(), folder.resolve(LIB), context.progress());
    }

    /** What is installed. */
    static PinnedJars jars() {
        try (InputStream in = GoogleAddOn.class.getResourceAsStream("google-pins.txt")) {
            return PinnedJars.parse(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
