package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.PythonEnvironment;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our sampler beside Optuna's on the six functions of {@link StandardFunction}, 100 trials, 20 seeds. */
@Tag("full")
@Timeout(1200)
final class OptunaIT {
    private static final int TRIALS = 100;
    private static final int SEEDS = 20;

    @Test
    void onNoFunctionWorseThanOptunaAndInTheMeanAtMostATenthBehind(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("optuna_functions.py");
        try (InputStream in = OptunaIT.class.getResourceAsStream("/python/optuna_functions.py")) {
            Files.copy(in, script);
        }
        String json = PythonEnvironment.open("tuners").run(Duration.ofMinutes(15), script, TRIALS, SEEDS);
        JsonNode optuna = new JsonMapper().readTree(json);
        Map<String, Double> ratios = new LinkedHashMap<>();
        Map<String, Double> chances = new LinkedHashMap<>();
        for (StandardFunction function : StandardFunction.values()) {
            double[] theirs = new double[SEEDS];
            double[] ours = new double[SEEDS];
            for (int seed = 0; seed < SEEDS; seed++) {
                theirs[seed] = optuna.get(function.name().toLowerCase(java.util.Locale.ROOT))
                                .get(seed)
                                .doubleValue()
                        - function.minimum();
                ours[seed] = Study.over(function.space())
                                .trials(TRIALS)
                                .seed(seed)
                                .run(function::of)
                                .bestValue()
                        - function.minimum();
            }
            ratios.put(function.name(), median(ours) / median(theirs));
            chances.put(function.name(), chanceOfBeingNoWorse(ours, theirs));
            System.out.printf(
                    "%s: median regret %.4g (Optuna %.4g), ratio %.3f, p of worse %.4f%n",
                    function,
                    median(ours),
                    median(theirs),
                    median(ours) / median(theirs),
                    chances.get(function.name()));
        }
        double mean = Math.exp(
                ratios.values().stream().mapToDouble(Math::log).average().orElseThrow());
        System.out.printf("geometric mean of the ratios %.3f%n", mean);
        assertThat(chances.values()).allSatisfy(p -> assertThat(p).isGreaterThan(0.01));
        assertThat(mean).isLessThan(1.1);
    }

    /** One-sided Mann-Whitney test, normal approximation: small where ours are greater than theirs. */
    private static double chanceOfBeingNoWorse(double[] ours, double[] theirs) {
        double u = 0;
        for (double a : ours) {
            for (double b : theirs) {
                u += a > b ? 1 : a == b ? 0.5 : 0;
            }
        }
        int n = ours.length;
        double z = (u - n * n / 2.0 - 0.5) / Math.sqrt(n * n * (2 * n + 1) / 12.0);
        return 0.5 * Erfc.value(z / Math.sqrt(2));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
