package dev.arclight.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.model.xgboost.TrainedModels;
import dev.arclight.model.xgboost.TrainedModels.Trained;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model directories between Arclight and Python's MLflow, both ways, with two generations of XGBoost. */
final class ModelDirectoryIT {
    private static final Duration LOAD = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"xgboost-3.1", "xgboost-newest"})
    void pythonOpensWhatArclightWroteAndPredictsTheSame(String environment) throws IOException {
        List<Trained> models = TrainedModels.in("xgboost-3.1", Files.createDirectory(folder.resolve("trained")));
        Trained trained = models.stream()
                .filter(m -> m.name().equals("stopped"))
                .findFirst()
                .orElseThrow();
        XGBoostFile file = XGBoostFile.read(trained.ubj()).cut(trained.cut());
        List<String> names = List.of("fixed acidity", "b", "c", "d", "e", "f", "g", "is_red");
        Path directory = folder.resolve("model");
        ModelWriter.xgboost(
                        file,
                        Signature.table(names, DataType.DOUBLE, 1),
                        GoldenRows.of(20, trained.rows(), 8, trained.expectedPredictions(), 1))
                .withMetadata(Map.of("arclight.threshold", 0.4))
                .withRunId("0123456789abcdef0123456789abcdef")
                .write(directory);

        JsonNode seen = openInPython(environment, directory, trained.rows(), trained.expectedPredictions());
        assertThat(seen.get("columns")).extracting(JsonNode::asText).containsExactlyElementsOf(names);
        assertThat(seen.get("types")).extracting(JsonNode::asText).containsOnly("double");
        assertThat(seen.get("example")).extracting(JsonNode::asInt).containsExactly(5, 8);
        assertThat(seen.get("metadata").get("arclight.threshold").asDouble()).isEqualTo(0.4);
        assertThat(seen.get("flavors")).extracting(JsonNode::asText).contains("xgboost", "python_function");
        assertThat(seen.get("best").has("best_iteration")).isFalse();
        assertThat(Model.load(directory).goldenRows()).isPresent();
    }

    /** Catches a booster that is cut at its best round: {@code mlflow.pyfunc}, which wrote these, asks all. */
    @ParameterizedTest
    @ValueSource(strings = {"ubj", "json"})
    void whatPythonSavedAfterEarlyStoppingPredictsAsPyfuncAndSaysSo(String format) throws IOException {
        Path script = TrainedModels.script(folder, "save_model.py");
        Path directory = folder.resolve("saved");
        String said = PythonEnvironment.open("xgboost-newest").run(LOAD, script, directory, format);
        Model model = Model.load(directory);
        Matcher best = Pattern.compile("best (\\d+) of (\\d+)").matcher(said);
        assertThat(best.find()).as(said).isTrue();
        assertThat(model.description())
                .contains("early stopping found round %s best (from 0), all %s predict"
                        .formatted(best.group(1), best.group(2)));
        assertThat(model.signature().columns().orElseThrow())
                .containsExactly(
                        Field.Column.of("fixed acidity", DataType.DOUBLE),
                        Field.Column.of("pH", DataType.DOUBLE),
                        Field.Column.of("alcohol", DataType.DOUBLE),
                        Field.Column.of("is_red", DataType.LONG));
        float[] expected = RawFloats.read(folder.resolve("saved.predictions"));
        float[] seen = new float[expected.length];
        model.predictor().predict(RawFloats.read(folder.resolve("saved.rows")), seen.length, seen);
        assertThat(seen).containsExactly(expected);
    }

    /** A forest that no XGBoost trained; its predictions are computed here by walking the nodes in double. */
    @Test
    void aForestOfAnotherLibraryPredictsTheSameInEveryXGBoost() throws IOException {
        Random random = new Random(5);
        List<TreeNode> trees = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            trees.add(grow(random, 6));
        }
        float[] rows = new float[400 * 4];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Math.round(random.nextGaussian() * 4) / 4f;
        }
        float[] expected = new float[400];
        for (int row = 0; row < expected.length; row++) {
            float sum = 0.25f;
            for (TreeNode tree : trees) {
                sum += walk(tree, Arrays.copyOfRange(rows, row * 4, row * 4 + 4));
            }
            expected[row] = sum;
        }
        List<String> names = List.of("a", "b", "c", "d");
        Path directory = folder.resolve("forest");
        ModelWriter.xgboost(
                        XGBoostFile.ofTrees("reg:squarederror", names, 0.25f, trees),
                        Signature.table(names, DataType.DOUBLE, 1),
                        GoldenRows.of(400, rows, 4, expected, 1))
                .write(directory);
        for (String environment : List.of("xgboost-3.1", "xgboost-newest")) {
            openInPython(environment, directory, rows, expected);
        }
    }

    private static TreeNode grow(Random random, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return new TreeNode.Leaf(random.nextFloat());
        }
        // Thresholds hit the values of the rows exactly, half of the time.
        double threshold = Math.round(random.nextGaussian() * 8) / 8.0 + (random.nextBoolean() ? 0 : 1e-12);
        return TreeNode.Split.atMost(
                random.nextInt(4), threshold, random.nextBoolean(), grow(random, depth - 1), grow(random, depth - 1));
    }

    /**
     * Independent of thresholds as floats: "at most" was asked with a threshold below which no row value lies closer.
     */
    private static float walk(TreeNode node, float[] row) {
        TreeNode at = node;
        while (at instanceof TreeNode.Split split) {
            double threshold = Math.nextDown(split.lessThan());
            at = row[split.feature()] <= threshold ? split.ifLess() : split.otherwise();
        }
        return ((TreeNode.Leaf) at).value();
    }

    private JsonNode openInPython(String environment, Path directory, float[] rows, float[] expected)
            throws IOException {
        Path script = TrainedModels.script(folder, "load_model.py");
        Path in = folder.resolve("rows");
        Path out = folder.resolve("predictions");
        RawFloats.write(in, rows);
        String printed = PythonEnvironment.open(environment).run(LOAD, script, directory, in, out);
        float[] both = RawFloats.read(out);
        assertThat(both).hasSize(expected.length * 2);
        for (int i = 0; i < both.length; i++) {
            float wanted = expected[i % expected.length];
            assertThat((double) both[i])
                    .as("%s, prediction %d", environment, i)
                    .isCloseTo(wanted, org.assertj.core.data.Offset.offset(1e-6 + 1e-6 * Math.abs(wanted)));
        }
        return new JsonMapper().readTree(printed.substring(printed.lastIndexOf("{\"columns\"")));
    }
}
