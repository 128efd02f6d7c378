package dev.arclight.raytrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

final class ModelFolderTest {
    @TempDir
    Path folder;

    private Map<?, ?> flavors(String... files) throws IOException {
        Path directory = folder.resolve("model");
        new ModelFolder(trained(files)).write(directory);
        Map<String, Object> document = new Yaml().load(Files.readString(directory.resolve("MLmodel")));
        return (Map<?, ?>) Objects.requireNonNull(document.get("flavors"));
    }

    private static Trained trained(String... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String file : files) {
                zip.putNextEntry(new ZipEntry(file));
                zip.write(file.getBytes(StandardCharsets.UTF_8));
            }
        }
        return new Trained(bytes.toByteArray(), List.of("a", "b"), Map.of("torch", "1.13.0a0"), List.of(), 0);
    }

    @Test
    void eachKindOfFileBecomesItsFlavor() throws IOException {
        Map<?, ?> flavors = flavors("model.pt", "model.onnx", "state.pt");
        assertThat(flavors.keySet()).map(String::valueOf).containsExactly("pytorch", "onnx", "python_function");
        assertThat(flavors.get("python_function")).extracting("loader_module").isEqualTo("mlflow.onnx");
        assertThat(folder.resolve("model/data/model.pth")).hasContent("model.pt");
        assertThat(folder.resolve("model/model.onnx")).hasContent("model.onnx");
        assertThat(folder.resolve("model/state.pt")).exists();
        // A build of Debian's has a version that is on no index.
        assertThat(Files.readAllLines(folder.resolve("model/requirements.txt"))).contains("torch");
        assertThat(flavors("model.keras").get("python_function"))
                .extracting("loader_module")
                .isEqualTo("mlflow.keras");
        assertThat(folder.resolve("model/data/model.keras")).exists();
    }

    @Test
    void aModelThatDoesNotRunHereIsRefusedWithTheReason() throws IOException {
        new ModelFolder(trained("model.pt")).write(folder.resolve("script"));
        assertThatThrownBy(() -> Model.load(folder.resolve("script")))
                .hasMessageContaining("convert it to ONNX (torch.onnx.export)");
    }

    @Test
    void aModelDirectoryStaysWhatItIs() throws IOException {
        new ModelFolder(trained("MLmodel", "model.onnx")).write(folder.resolve("model"));
        assertThat(folder.resolve("model/MLmodel")).hasContent("MLmodel");
        assertThat(folder.resolve("model/requirements.txt")).doesNotExist();
    }

    @Test
    void aCheckpointWithoutAModelIsRefusedAndLeavesNothing() throws IOException {
        ModelFolder without = new ModelFolder(trained("weights.bin"));
        assertThatThrownBy(() -> without.write(folder.resolve("model")))
                .hasMessage("The last checkpoint holds [weights.bin], and none of model.onnx, model.pt, model.keras and"
                        + " MLmodel: save the trained network as one of these in each checkpoint");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileOutsideOfTheCheckpointIsRefused() throws IOException {
        ModelFolder outside = new ModelFolder(trained("model.onnx", "../escaped"));
        assertThatThrownBy(() -> outside.write(folder.resolve("model"))).hasMessageContaining("../escaped");
        assertThat(folder).isEmptyDirectory();
    }
}
