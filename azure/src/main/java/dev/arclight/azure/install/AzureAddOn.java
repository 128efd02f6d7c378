package dev.arclight.azure.install;

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

/** What {@code azureml://} needs beside the release: Hadoop's ABFS and Azure's identity library. */
public final class AzureAddOn implements AddOn {
    /** The folder below that of the add-on; the launcher looks there. */
    static final String LIB = "lib";

    @Override
    public String name() {
        return "azure";
    }

    @Override
    public String description() {
        return "azureml:// paths: Hadoop's Azure filesystem and Azure's identity library (9 MB)";
    }

    @Override
    public void install(Path folder, Map<String, String> environment, CommandContext context) {
        jars().install(name(), folder.resolve(LIB), context.progress());
    }

    /** What is installed. */
    static PinnedJars jars() {
        try (InputStream in = AzureAddOn.class.getResourceAsStream("azure-pins.txt")) {
            return PinnedJars.parse(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
