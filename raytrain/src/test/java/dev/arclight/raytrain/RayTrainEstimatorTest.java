package dev.arclight.raytrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RayTrainEstimatorTest {
    @Test
    void namesThatPythonCannotHaveAreRefused() {
        RayTrainEstimator estimator = new RayTrainEstimator();
        assertThatThrownBy(() -> estimator.module("fares.py"))
                .hasMessage("'fares.py' names nothing in Python: expected MODULE:NAME, such as fares:train_loop");
        assertThatThrownBy(() -> estimator.callbacks("a:b", "os.system('x')")).hasMessageContaining("os.system");
        assertThatThrownBy(() -> estimator.workerResource("GPU", Double.NaN)).hasMessageContaining("NaN GPU");
    }

    @Test
    void aCopyHasTheSettingsOfTheOriginal() {
        RayTrainEstimator copy = new RayTrainEstimator()
                .module("fares:train_loop")
                .workers(2)
                .workerResource("GPU", 0.5)
                .config("rate", 0.01)
                .copy(ParamMap.empty());
        assertThat(copy.explainParams())
                .contains("current: fares:train_loop")
                .contains("current: {\"CPU\":1.0,\"GPU\":0.5}")
                .contains("current: {\"rate\":0.01}");
    }

    @Test
    void sourceIsReadWithoutWhatIsHiddenOrCompiled(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("package/__pycache__"));
        Files.createDirectories(folder.resolve(".git"));
        for (String name :
                new String[] {"fares.py", "package/inner.py", "package/__pycache__/inner.pyc", ".git/config"}) {
            Files.writeString(folder.resolve(name), name);
        }
        SourceFiles all = SourceFiles.of(folder.toString());
        assertThat(all.files()).containsOnlyKeys("fares.py", "package/inner.py");
        SourceFiles one = SourceFiles.of(folder.resolve("fares.py").toString());
        assertThat(one.files()).containsOnlyKeys("fares.py");
        assertThat(one.files().get("fares.py")).isEqualTo("fares.py".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> SourceFiles.of(folder.resolve("fare.py").toString()))
                .hasMessageContaining("There is no file or folder of Python source");
    }
}
