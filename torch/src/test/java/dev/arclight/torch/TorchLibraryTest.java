package dev.arclight.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TorchLibraryTest {
    @TempDir
    Path folder;

    /** Would catch an add-on whose pins are not the files that the tests run with. */
    @Test
    void theAddOnPinsTheFilesThatTheBuildUses() throws Exception {
        List<String> used = TorchLibrary.jars(Map.of(), System.getProperty("java.class.path"));
        List<TorchAddOn.Pin> pins = TorchAddOn.pins();
        assertThat(pins).hasSameSizeAs(used);
        for (TorchAddOn.Pin pin : pins) {
            Path file = used.stream()
                    .map(Path::of)
                    .filter(jar -> jar.endsWith(pin.file()))
                    .findFirst()
                    .orElseThrow();
            assertThat(TorchAddOn.damaged(Objects.requireNonNull(file.getParent()), List.of(pin)))
                    .isEmpty();
        }
    }

    @Test
    void withoutPyTorchItSaysWhatToDo() throws Exception {
        Map<String, String> environment = Map.of("XDG_DATA_HOME", folder.toString());
        assertThatThrownBy(() -> TorchLibrary.jars(environment, "a.jar"))
                .isInstanceOf(ArclightException.class)
                .hasMessageMatching(
                        "PyTorch is not installed on .* \\(no folder .*/arclight/addons/torch/lib\\): run 'arclight install torch' there");
        Path lib = Files.createDirectories(folder.resolve("arclight/addons/torch/lib"));
        Path jar = Files.createFile(lib.resolve("pytorch-9.jar"));
        assertThat(TorchLibrary.jars(environment, "a.jar")).containsExactly(jar.toString());
    }
}
