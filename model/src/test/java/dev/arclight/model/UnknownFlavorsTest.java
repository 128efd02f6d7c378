package dev.arclight.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads who wants to serve a model that does not run here. */
final class UnknownFlavorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sklearn | a pickle that only Python reads",
                "sklearn | convert it to ONNX (skl2onnx.to_onnx), log that (mlflow.onnx.log_model) and run 'arclight install onnx'",
                "pytorch | convert it to ONNX (torch.onnx.export)",
                "torchscript | TorchScript files are not run here: convert it to ONNX",
                "keras | Keras models are not run here",
                "spark | train with Arclight's XGBoostEstimator",
                "prophet | it is a Python function"
            })
    void eachKindIsRefusedByNameWithWhatWouldWork(String flavor, String why) throws IOException {
        Files.writeString(
                folder.resolve("MLmodel"),
                "flavors:\n  %s: {x: 1}\n  python_function: {loader_module: y}\n".formatted(flavor));
        assertThatThrownBy(() -> Model.load(folder))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(flavor)
                .hasMessageContaining(why)
                .hasMessageContaining("mlflow models serve -m " + folder);
    }
}
