package dev.arclight.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.model.Predictor;
import dev.arclight.model.xgboost.TrainedModels.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The independent reference is XGBoost itself, in Python, in two generations. */
final class PythonParityIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"xgboost-3.1", "xgboost-newest"})
    void everyModelPredictsWhatPythonPredicts(String environment) throws IOException {
        List<Trained> models = TrainedModels.in(environment, folder);
        assertThat(models).hasSizeGreaterThanOrEqualTo(40);
        StringBuilder wrong = new StringBuilder();
        for (Trained trained : models) {
            XGBoostFile file = XGBoostFile.read(trained.ubj());
            assertThat(file.rounds()).as(trained.name()).isEqualTo(trained.rounds());
            wrong.append(compare(trained, trained.cut() > 0 ? file.cut(trained.cut()) : file));
        }
        assertThat(wrong).isEmpty();
    }

    /** Margins must be the same floats; predictions may differ by one unit in the last place. */
    private static String compare(Trained trained, XGBoostFile file) {
        Predictor predictor = file.predictor();
        assertThat(predictor.features()).isEqualTo(trained.features());
        float[] rows = trained.rows();
        float[] margins = new float[TrainedModels.ROWS * predictor.marginOutputs()];
        float[] predictions = new float[TrainedModels.ROWS * predictor.outputs()];
        predictor.margins(rows, TrainedModels.ROWS, margins);
        predictor.predict(rows, TrainedModels.ROWS, predictions);
        return compare(trained + " margins", trained.expectedMargins(), margins, 0)
                + compare(trained + " predictions", trained.expectedPredictions(), predictions, 1);
    }

    private static String compare(String what, float[] expected, float[] seen, int ulps) {
        if (expected.length != seen.length) {
            return "%s: %d expected, %d seen%n".formatted(what, expected.length, seen.length);
        }
        int different = 0;
        int first = -1;
        for (int i = 0; i < seen.length; i++) {
            if (Math.abs(seen[i] - expected[i]) > ulps * Math.ulp(expected[i]) || Float.isNaN(seen[i])) {
                first = different++ == 0 ? i : first;
            }
        }
        return different == 0
                ? ""
                : "%s: %d of %d differ, first %d: expected %s, seen %s%n"
                        .formatted(what, different, seen.length, first, expected[first], seen[first]);
    }
}
