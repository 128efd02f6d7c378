package dev.arclight.model.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model small enough to be scored by hand; Python's answers are in {@link LightGbmParityIT}. */
final class LightGbmFileTest {
    /**
     * x0 of at most 0.5 gives 1; else x1 in {1, 33} gives 10, else 100. NaN in x0 goes right (missing type NaN, default
     * right).
     */
    private static final String MODEL = """
            tree
            version=v4
            num_class=1
            num_tree_per_iteration=1
            label_index=0
            max_feature_idx=1
            objective=regression
            feature_names=x0 x1
            feature_infos=[0:1] 0:1:33

            Tree=0
            num_leaves=3
            num_cat=1
            split_feature=0 1
            split_gain=1 1
            threshold=0.5 0
            decision_type=8 1
            left_child=-1 -2
            right_child=1 -3
            leaf_value=1 10 100
            cat_boundaries=0 2
            cat_threshold=2 2
            is_linear=0
            shrinkage=1


            end of trees

            pandas_categorical:null
            """;

    private static LightGbmFile read(String text) {
        return LightGbmFile.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 5, 1",
        "0.50001, 1, 10",
        "0.6, 33, 10",
        "0.6, 33.9, 10",
        "0.6, 2, 100",
        "0.6, 64, 100",
        "0.6, -1, 100",
        "0.6, NaN, 100",
        "NaN, 1, 10",
        "NaN, 0, 100"
    })
    void rowsFallIntoTheirLeaves(float x0, float x1, float expected) {
        float[] seen = new float[1];
        read(MODEL).predictor().predict(new float[] {x0, x1}, 1, seen);
        assertThat(seen[0]).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tree|forest|no LightGBM text model",
                "end of trees|the end|ends before 'end of trees'",
                "max_feature_idx=1|max_feature_idx=2|3 features and 2 names",
                "max_feature_idx=1|max_feature_idx=one|'max_feature_idx' is 'one'",
                "split_feature=0 1|split_feature=0 7|asks for feature 7 of 2",
                "split_feature=0 1|split_feature=0|1 values of split_feature, 2 were expected",
                "right_child=1 -3|right_child=0 -3|split 0 of tree 0 points outside",
                "left_child=-1 -2|left_child=-9 -2|split 0 of tree 0 points outside",
                "threshold=0.5 0|threshold=0.5 4|split 1 of tree 0 points outside",
                "threshold=0.5 0|threshold=half 0|threshold holds what is no number",
                "leaf_value=1 10 100|x=1|'leaf_value' is missing in tree 0",
                "is_linear=0|is_linear=1|linear_tree=False",
                "objective=regression|objective=mine|the objective 'mine'",
                "pandas_categorical:null|pandas_categorical:[[\"a\"]]|cat.codes",
            })
    void whatCannotBeReadIsNamed(String piece, String other, String message) {
        assertThatThrownBy(() -> read(MODEL.replace(piece, other)))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(message);
    }

    @Test
    void damagedFilesAreRefusedAndNothingElseHappens() {
        Random random = new Random(2);
        float[] rows = {0.1f, 1, 0.9f, 33};
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = MODEL.getBytes(StandardCharsets.UTF_8);
            for (int j = random.nextInt(3); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextInt(90) + 32);
            }
            try {
                LightGbmFile file = LightGbmFile.read(bytes);
                if (file.features() == 2) {
                    file.predictor()
                            .predict(rows, 2, new float[2 * file.predictor().outputs()]);
                }
            } catch (ArclightException e) {
                assertThat(e).hasMessageContaining("LightGBM");
            }
        }
    }
}
