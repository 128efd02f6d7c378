package dev.arclight.model.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.model.Model;
import dev.arclight.model.Predictor;
import dev.arclight.model.RawFloats;
import dev.arclight.model.xgboost.TrainedModels;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The independent reference is LightGBM itself, in Python. */
@Tag("full")
final class LightGbmParityIT {
    private static final int ROWS = 10_000;

    /** Both compute in double and differ in the last places at most; what is compared went through float32. */
    private static final double TOLERANCE = 1e-6;

    @TempDir
    Path folder;

    @Test
    void everyModelPredictsWhatPythonPredicts() throws IOException {
        PythonEnvironment python = PythonEnvironment.open("lightgbm");
        String output = python.run(Duration.ofMinutes(3), TrainedModels.script(folder, "lightgbm_models.py"), folder);
        JsonNode models = new JsonMapper().readTree(output.substring(output.lastIndexOf("[{")));
        assertThat(models).hasSizeGreaterThanOrEqualTo(30);
        StringBuilder wrong = new StringBuilder();
        for (JsonNode made : models) {
            String name = made.get("name").asText();
            LightGbmFile file = LightGbmFile.read(Files.readAllBytes(folder.resolve(name + ".lgb")));
            assertThat(file.trees()).as(name).isEqualTo(made.get("trees").asInt());
            Predictor predictor = file.predictor();
            assertThat(predictor.features())
                    .as(name)
                    .isEqualTo(made.get("features").asInt());
            assertThat(predictor.outputs())
                    .as(name)
                    .isEqualTo(made.get("outputs").asInt());
            float[] rows = RawFloats.read(folder.resolve(name + ".rows"));
            float[] seen = new float[ROWS * predictor.outputs()];
            predictor.predict(rows, ROWS, seen);
            wrong.append(compare(name, RawFloats.read(folder.resolve(name + ".predictions")), seen));
            predictor.margins(rows, ROWS, seen);
            wrong.append(compare(name + " margins", RawFloats.read(folder.resolve(name + ".margins")), seen));
        }
        assertThat(wrong).isEmpty();

        Model model = Model.load(folder.resolve("mlflow"));
        assertThat(model.description()).startsWith("LightGBM 4").contains("binary, 20 trees, 6 features");
        assertThat(model.isSignatureDeclared()).isTrue();
        float[] seen = new float[ROWS];
        model.predictor().predict(RawFloats.read(folder.resolve("mlflow.rows")), ROWS, seen);
        assertThat(compare("pyfunc", RawFloats.read(folder.resolve("mlflow.predictions")), seen))
                .isEmpty();
    }

    private static String compare(String what, float[] expected, float[] seen) {
        if (expected.length != seen.length) {
            return "%s: %d expected, %d seen%n".formatted(what, expected.length, seen.length);
        }
        int different = 0;
        int first = -1;
        for (int i = 0; i < seen.length; i++) {
            if (!(Math.abs((double) seen[i] - expected[i]) <= TOLERANCE + TOLERANCE * Math.abs(expected[i]))) {
                first = different++ == 0 ? i : first;
            }
        }
        return different == 0
                ? ""
                : "%s: %d of %d differ, first %d: expected %s, seen %s%n"
                        .formatted(what, different, seen.length, first, expected[first], seen[first]);
    }
}
