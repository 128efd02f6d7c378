package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.PythonEnvironment;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Draws from each distribution beside Hyperopt's and Optuna's of that name. The two-sample Kolmogorov-Smirnov test at
 * 1e-4 for each; seeds are fixed, so it passes or fails for good. It sees what differs by 5 hundredths of a
 * probability: a wrong bound, a missing logarithm, half a cell at the ends, rounding instead of flooring.
 */
@Tag("full")
final class DistributionsIT {
    private static final int DRAWS = 4000;

    /** sqrt(-ln(1e-4 / 2) / 2) * sqrt(2 / n) */
    private static final double FARTHEST = Math.sqrt(-Math.log(0.5e-4) / DRAWS);

    private static final SearchSpace SPACE = SearchSpace.builder()
            .uniform("uniform", -2, 6)
            .loguniform("loguniform", -3, 0)
            .quniform("quniform", 4, 7, 1)
            .qloguniform("qloguniform", 0, Math.log(4), 1)
            .normal("normal", 1, 2)
            .lognormal("lognormal", 0, 1)
            .qnormal("qnormal", 0, 1, 1)
            .qlognormal("qlognormal", 0, 1, 2)
            .quniform("uniformint", 1, 4, 1)
            .integer("randint", 1, 4)
            .choice("choice", 10, 20, 30)
            .choice("kind", "none", "some")
            .when("kind", "some", some -> some.uniform("nested", 0, 1))
            .uniform("suggest_float", -2, 6)
            .loguniform("suggest_float_log", Math.log(1e-4), 0)
            .integer("suggest_int", 1, 4)
            .logInteger("suggest_int_log", 1, 64)
            .choice("suggest_categorical", 10, 20, 30)
            .build();

    @Test
    void eachIsTheirs(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("distributions.py");
        try (InputStream in = DistributionsIT.class.getResourceAsStream("/python/distributions.py")) {
            Files.copy(in, script);
        }
        JsonNode theirs =
                new JsonMapper().readTree(PythonEnvironment.open("tuners").run(Duration.ofMinutes(3), script, DRAWS));
        Map<String, Double> distances = new TreeMap<>();
        for (Iterator<String> names = theirs.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            distances.put(name, distance(ours(name), values(theirs.get(name))));
        }
        assertThat(distances)
                .hasSize(17)
                .allSatisfy((name, distance) -> assertThat(distance).as(name).isLessThan(FARTHEST));
    }

    private static double[] ours(String name) {
        SplittableRandom random = new SplittableRandom(8);
        History nothing = new History(List.of(), List.of());
        double[] values = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            // Where a nested parameter is not there, their script has -1 too.
            values[i] = ((Number)
                            Sampler.random().suggest(SPACE, nothing, i, random).getOrDefault(name, -1))
                    .doubleValue();
        }
        return values;
    }

    private static double[] values(JsonNode list) {
        List<Double> values = new ArrayList<>();
        list.forEach(value -> values.add(value.doubleValue()));
        assertThat(values).hasSize(DRAWS);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The greatest distance between the two empirical distribution functions. */
    private static double distance(double[] a, double[] b) {
        Arrays.sort(a);
        Arrays.sort(b);
        double greatest = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            double x = Math.min(a[i], b[j]);
            while (i < a.length && a[i] <= x) {
                i++;
            }
            while (j < b.length && b[j] <= x) {
                j++;
            }
            greatest = Math.max(greatest, Math.abs(i / (double) a.length - j / (double) b.length));
        }
        return greatest;
    }
}
