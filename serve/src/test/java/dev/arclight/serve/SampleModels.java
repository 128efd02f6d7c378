package dev.arclight.serve;

import dev.arclight.model.DataType;
import dev.arclight.model.Field;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.Model;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** Models whose predictions can be told by hand. */
final class SampleModels {
    static final List<String> NAMES = List.of("fixed acidity", "pH", "is_red", "count", "note");

    private SampleModels() {}

    /**
     * Feature i adds 2^i where it is at least 0.5, nothing where it is less, and 100 * 2^i where it is missing; on top
     * comes {@code base}.
     */
    static Model bits(Path directory, float base) {
        List<Field> inputs = List.of(
                Field.Column.of("fixed acidity", DataType.DOUBLE),
                Field.Column.of("pH", DataType.FLOAT),
                Field.Column.of("is_red", DataType.BOOLEAN),
                Field.Column.of("count", DataType.LONG),
                new Field.Column("note", DataType.DOUBLE, false));
        return write(directory, new Signature(inputs, List.of(Field.Tensor.of("float32", -1)), List.of()), base);
    }

    /** The same without names: a tensor of shape (-1, 5). */
    static Model unnamed(Path directory) {
        return write(directory, new Signature(List.of(Field.Tensor.of("float32", -1, 5)), List.of(), List.of()), 0);
    }

    /** Predicts the same for every row. */
    static Model constant(Path directory, Signature signature, float prediction) {
        List<String> names = signature.columns().orElseThrow().stream()
                .map(column -> Objects.requireNonNull(column.name()))
                .toList();
        ModelWriter.xgboost(
                        XGBoostFile.ofTrees("reg:squarederror", names, 0, List.of(new TreeNode.Leaf(prediction))),
                        signature,
                        GoldenRows.of(1, new float[names.size()], names.size(), new float[] {prediction}, 1))
                .write(directory);
        return Model.load(directory);
    }

    /** Whole trees of three columns of doubles, {@code a}, {@code b} and {@code c}: a model that takes its time. */
    static Model forest(Path directory, int trees, int depth) {
        Random random = new Random(1);
        List<TreeNode> grown = new ArrayList<>();
        for (int i = 0; i < trees; i++) {
            grown.add(tree(random, depth));
        }
        List<String> names = List.of("a", "b", "c");
        XGBoostFile file = XGBoostFile.ofTrees("reg:squarederror", names, 0, grown);
        float[] row = {0, 0, 0};
        float[] prediction = new float[1];
        file.predictor().predict(row, 1, prediction); // whether it is right is of no interest here
        ModelWriter.xgboost(file, Signature.table(names, DataType.DOUBLE, 1), GoldenRows.of(1, row, 3, prediction, 1))
                .write(directory);
        return Model.load(directory);
    }

    private static TreeNode tree(Random random, int depth) {
        return depth == 0
                ? new TreeNode.Leaf(random.nextInt(3))
                : new TreeNode.Split(
                        random.nextInt(3),
                        (float) random.nextGaussian(),
                        true,
                        tree(random, depth - 1),
                        tree(random, depth - 1));
    }

    private static Model write(Path directory, Signature signature, float base) {
        List<TreeNode> trees = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            float add = 1 << i;
            // Present values are below 1e30; only missing ones take the first branch.
            trees.add(new TreeNode.Split(
                    i,
                    -1e30f,
                    true,
                    new TreeNode.Leaf(100 * add),
                    new TreeNode.Split(i, 0.5f, false, new TreeNode.Leaf(0), new TreeNode.Leaf(add))));
        }
        ModelWriter.xgboost(
                        XGBoostFile.ofTrees("reg:squarederror", NAMES, base, trees),
                        signature,
                        GoldenRows.of(1, new float[] {1, 0, 1, 0, Float.NaN}, 5, new float[] {base + 1605}, 1))
                .write(directory);
        return Model.load(directory);
    }
}
