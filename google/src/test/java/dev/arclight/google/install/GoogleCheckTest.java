package dev.arclight.google.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.Check;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoogleCheckTest {
    @TempDir
    Path folder;

    @Test
    void doctorTellsWhetherTheAddOnIsOfThisRelease() throws IOException {
        Map<String, String> environment = Map.of("XDG_DATA_HOME", folder.toString());
        assertThat(GoogleCheck.look(environment, List.of()).detail()).endsWith("is not installed");
        Path lib = AddOns.folder(environment).resolve("google/lib");
        Files.createDirectories(lib);
        Files.writeString(lib.resolve(".complete"), "older");
        assertThat(GoogleCheck.look(environment, List.of()).detail()).endsWith("is of another release");
        try (var pins = GoogleAddOn.class.getResourceAsStream("google-pins.txt")) {
            String text = new String(pins.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(lib.resolve(".complete"), text.replaceAll("(?m)^#.*\\R", ""));
        }
        assertThat(GoogleCheck.look(environment, List.of("a.jar")).status()).isEqualTo(Check.Status.FOUND);
    }

    @Test
    void twoConnectorsAreNamedInOneSentence() {
        Check.Finding two = GoogleCheck.look(
                Map.of("XDG_DATA_HOME", folder.toString()),
                List.of("/a/gcs-connector-2.jar", "/b/gcs-connector-4.jar"));
        assertThat(two.status()).isEqualTo(Check.Status.OPTIONAL);
        assertThat(two.detail()).contains("2 connectors").contains("/a/gcs-connector-2.jar, /b/gcs-connector-4.jar");
    }
}
