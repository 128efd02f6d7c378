package dev.arclight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.model.Model;
import dev.arclight.testing.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference is onnxruntime in Python, on directories that Python's MLflow saved. */
@Tag("full")
final class OnnxParityIT {
    private static Path models;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() {
        models = OnnxModels.folder();
    }

    /** The library is the same in both, so a difference is one of ours: order of columns, blocks, types, shapes. */
    @Test
    void everyModelPredictsWhatPythonPredicts() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode made :
                new JsonMapper().readTree(models.resolve("models.json").toFile())) {
            String name = made.get("name").asText();
            names.add(name);
            Model model = Model.load(models.resolve(name));
            assertThat(model.description()).as(name).startsWith("ONNX graph").endsWith("by ONNX Runtime 1.29.0");
            int features = made.get("features").asInt();
            int outputs = made.get("outputs").asInt();
            assertThat(model.predictor().features()).as(name).isEqualTo(features);
            assertThat(model.predictor().outputs()).as(name).isEqualTo(outputs);
            assertThat(model.outputNames()).as(name).hasSize(outputs);
            float[] rows = OnnxModels.floats(name + ".rows");
            float[] expected = OnnxModels.floats(name + ".predictions");
            assertThat(expected).as(name).hasSize(OnnxModels.ROWS * outputs);
            float[] seen = new float[expected.length];
            model.predictor().predict(rows, OnnxModels.ROWS, seen);
            for (int i = 0; i < seen.length; i++) {
                if (!(Math.abs((double) seen[i] - expected[i]) <= 1e-6 + 1e-6 * Math.abs(expected[i]))) {
                    throw new AssertionError("%s, row %d, output %d: expected %s, seen %s"
                            .formatted(name, i / outputs, i % outputs, expected[i], seen[i]));
                }
            }
        }
        assertThat(names)
                .containsExactly("regressor", "binary", "multiclass", "pipeline", "tensor", "columns", "tensors");
    }

    @Test
    void outputsHaveTheNamesThatTheGraphGivesThem() {
        assertThat(Model.load(models.resolve("binary")).outputNames())
                .containsExactly("output_label", "output_probability_0", "output_probability_1");
        assertThat(Model.load(models.resolve("multiclass")).outputNames())
                .containsExactly("label", "probabilities_0", "probabilities_1", "probabilities_2");
        assertThat(Model.load(models.resolve("regressor")).outputNames()).containsExactly("variable");
    }

    /** Without a signature the graph's own inputs are one. */
    @Test
    void aModelWithoutSignatureTakesWhatItsGraphTakes() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("plain"));
        Files.copy(models.resolve("tensors/model.onnx"), directory.resolve("model.onnx"));
        Files.writeString(directory.resolve("MLmodel"), "flavors:\n  onnx: {data: model.onnx}\n");
        Model model = Model.load(directory);
        assertThat(model.isSignatureDeclared()).isFalse();
        assertThat(model.signature().inputs().toString())
                .isEqualTo(
                        "[Tensor[name=image, dtype=float32, shape=[-1, 3, 2]], Tensor[name=count, dtype=int64, shape=[-1, 3]]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "future | cannot be run by ONNX Runtime 1.29.0 | for an older operator set",
                "words | has the output 'output_label' of text | classes that are numbers",
                "wide | has the input 'X' of 64-bit numbers | X.astype(numpy.float32)"
            })
    void whatCannotBeServedIsRefusedInOneSentence(String name, String why, String instead) {
        assertThatThrownBy(() -> Model.load(models.resolve(name)))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith("The model in " + models.resolve(name))
                .hasMessageContaining(why)
                .hasMessageContaining(instead)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void otherGoldenRowsAreRefused() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("changed"));
        for (String file : List.of("MLmodel", "golden_rows.json", "model.onnx")) {
            Files.copy(models.resolve("regressor").resolve(file), directory.resolve(file));
        }
        assertThat(Model.load(directory).goldenRows()).isPresent();
        // Another model's graph with this one's rows: same inputs, one output.
        Files.writeString(
                directory.resolve("golden_rows.json"),
                Files.readString(directory.resolve("golden_rows.json"))
                        .replaceFirst("\"rows\": \\[\\[[-0-9.e]+", "\"rows\": [[99.5"));
        assertThatThrownBy(() -> Model.load(directory))
                .hasMessageContaining("golden row 0 gives")
                .hasMessageContaining("the model is not served");
    }

    @Test
    void aSignatureThatDoesNotFitTheGraphIsRefused() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("narrow"));
        Files.copy(models.resolve("regressor/model.onnx"), directory.resolve("model.onnx"));
        Files.writeString(
                directory.resolve("MLmodel"),
                "flavors:\n  onnx: {data: model.onnx}\nsignature:\n  inputs: '[{\"type\": \"double\", \"name\": \"pH\"}]'\n");
        assertThatThrownBy(() -> Model.load(directory))
                .hasMessageContaining("has 1 columns, but its graph takes 'X' with [4] numbers a row");
    }

    /** Whole numbers have no missing values, and float32 has not all of them. */
    @Test
    void wholeNumbersThatAreNoneAreRefusedWithTheInputsName() {
        Model model = Model.load(models.resolve("columns"));
        float[] seen = new float[3];
        for (float wrong : new float[] {Float.NaN, 0.5f, 1 << 24}) {
            assertThatThrownBy(() -> model.predictor().predict(new float[] {wrong, 3, 10, 1}, 1, seen))
                    .isInstanceOf(ArclightException.class)
                    .hasMessageContaining("input 'fixed_acidity' takes whole numbers below 16,777,216");
        }
        model.predictor().predict(new float[] {7, 3, 10, 1}, 1, seen);
        assertThat(seen[1] + seen[2]).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-6f));
    }
}
