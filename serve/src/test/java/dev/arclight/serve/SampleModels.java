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
