package dev.arclight.azure.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** What {@code azureml://} needs beside the release: Hadoop's ABFS and Azure's identity library. */
public final class AzureAddOn implements AddOn {
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
        try (InputStream in = AzureAddOn.class.getResourceAsStream("azure-pins.txt");
                Progress.Task task = context.progress().start("installing azure", 0, "jars")) {
            String pins = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            try {
                PinnedJars.of(pins).install(folder, task);
            } catch (RuntimeException e) {
                task.fail(String.valueOf(e.getMessage()));
                throw e;
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot install azure in %s: %s".formatted(folder, e.getMessage()), e);
        }
    }
}
