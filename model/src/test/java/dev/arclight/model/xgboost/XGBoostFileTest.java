package dev.arclight.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Predictor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class XGBoostFileTest {
    private static final TreeNode STUMP =
            new TreeNode.Split(1, 0.5f, true, new TreeNode.Leaf(-1f), new TreeNode.Leaf(2f));

    private static XGBoostFile stump() {
        return XGBoostFile.ofTrees("binary:logistic", List.of("a", "b"), 0.5f, List.of(STUMP, STUMP));
    }

    @Test
    void aFileThatIsWrittenReadsBackEqual() {
        byte[] bytes = stump().toBytes();
        XGBoostFile read = XGBoostFile.read(bytes);
        assertThat(read.toBytes()).isEqualTo(bytes);
        assertThat(read.featureNames()).containsExactly("a", "b");
        assertThat(read.trees()).isEqualTo(2);
        assertThat(read.rounds()).isEqualTo(1);
        assertThat(read.objective()).isEqualTo("binary:logistic");
    }

    @Test
    void lessGoesLeftEqualGoesRightAndMissingWhereTheSplitSays() {
        Predictor predictor = stump().predictor();
        float[] margins = new float[4];
        predictor.margins(new float[] {9, 0.4999f, 9, 0.5f, 9, Float.NaN, 9, Float.NEGATIVE_INFINITY}, 4, margins);
        assertThat(margins).containsExactly(-2, 4, -2, -2);
        predictor.predict(new float[] {9, 0.5f}, 1, margins);
        assertThat((double) margins[0]).isCloseTo(1 / (1 + Math.exp(-4)), org.assertj.core.data.Offset.offset(1e-7));
    }

    @Test
    void arraysThatAreTooShortAreRefused() {
        assertThatThrownBy(() -> stump().predictor().predict(new float[3], 2, new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 rows of 2 features in 3 floats");
    }

    @Test
    void atMostIsExactForEveryFloat() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            double threshold = switch (random.nextInt(3)) {
                case 0 -> value;
                case 1 -> value * (1 + (random.nextDouble() - 0.5) * 1e-7);
                default -> Double.longBitsToDouble(random.nextLong());
            };
            if (Float.isNaN(value) || !Double.isFinite(threshold) || Math.abs(threshold) > Float.MAX_VALUE) {
                continue;
            }
            float lessThan =
                    TreeNode.Split.atMost(0, threshold, false, STUMP, STUMP).lessThan();
            assertThat(value < lessThan).as("%s at most %s", value, threshold).isEqualTo(value <= threshold);
        }
    }

    @Test
    void everyTruncatedFileIsRefusedWithASentence() {
        byte[] bytes = stump().toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> XGBoostFile.read(part)).isInstanceOf(ArclightException.class);
        }
    }

    @Test
    void aDamagedFileIsRefusedOrReadButNeverBreaksTheReader() {
        byte[] bytes = stump().toBytes();
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = bytes.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                damaged[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                XGBoostFile file = XGBoostFile.read(damaged);
                file.predictor().predict(new float[file.features() * 2], 2, new float[2000]);
            } catch (ArclightException e) {
                assertThat(e).hasMessageContaining("XGBoost");
            }
        }
    }

    @Test
    void whatCannotBePredictedHereIsRefusedByName() {
        String json = new String(json("gbtree", "binary:logistic"), StandardCharsets.UTF_8);
        assertThat(XGBoostFile.read(json.getBytes(StandardCharsets.UTF_8)).features())
                .isEqualTo(1);
        assertThatThrownBy(() -> XGBoostFile.read(json("dart", "binary:logistic")))
                .hasMessageContaining("'dart'");
        assertThatThrownBy(() -> XGBoostFile.read(json("gblinear", "binary:logistic")))
                .hasMessageContaining("'gblinear'");
        assertThatThrownBy(() -> XGBoostFile.read(json("gbtree", "my:objective")))
                .hasMessageContaining("'my:objective'");
        assertThatThrownBy(() -> XGBoostFile.read("binf....".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("old binary format");
    }

    @Test
    void theFirstJsonLayoutWithoutRoundEndsIsRead() {
        XGBoostFile file = XGBoostFile.read(json("gbtree", "reg:linear"));
        assertThat(file.rounds()).isEqualTo(2);
        float[] margins = new float[1];
        file.cut(1).predictor().margins(new float[] {1}, 1, margins);
        assertThat(margins[0]).isEqualTo(0.5f + 3f);
        assertThat(file.cut(1).attributes()).containsOnlyKeys("note");
        assertThatThrownBy(() -> file.cut(3)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Written by hand after XGBoost 1.0's schema: default_left as booleans, no categories, no iteration_indptr. */
    private static byte[] json(String booster, String objective) {
        String tree = """
                {"tree_param": {"num_nodes": "3", "size_leaf_vector": "0"}, "left_children": [1, -1, -1],
                 "right_children": [2, -1, -1], "split_indices": [0, 0, 0], "split_conditions": [0.5, 1, 3],
                 "default_left": [true, false, false]}""";
        return """
                {"learner": {
                  "attributes": {"best_iteration": "0", "best_ntree_limit": "1", "note": "kept"},
                  "gradient_booster": {"name": "%s", "model": {
                    "gbtree_model_param": {"num_trees": "2"}, "tree_info": [0, 0], "trees": [%s, %s]}},
                  "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "1"},
                  "objective": {"name": "%s"}}, "version": [1, 0, 0]}""".formatted(booster, tree, tree, objective).getBytes(StandardCharsets.UTF_8);
    }
}
