package dev.arclight.azure.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.Check;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureCheckTest {
    @TempDir
    Path folder;

    @Test
    void doctorTellsWhetherTheAddOnIsOfThisRelease() throws IOException {
        Map<String, String> environment = Map.of("XDG_DATA_HOME", folder.toString());
        assertThat(AzureCheck.look(environment).detail()).endsWith("is not installed");
        Path lib = AddOns.folder(environment).resolve("azure/lib");
        Files.createDirectories(lib);
        Files.writeString(lib.resolve(".complete"), "older");
        assertThat(AzureCheck.look(environment).detail()).endsWith("is of another release");
        try (var pins = AzureAddOn.class.getResourceAsStream("azure-pins.txt")) {
            String comments = "(?m)^#.*\\R";
            String text = new String(pins.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(lib.resolve(".complete"), text.replaceAll(comments, ""));
        }
        assertThat(AzureCheck.look(environment).status()).isEqualTo(Check.Status.FOUND);
    }
}
