package dev.arclight.model.xgboost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes trees that XGBoost did not grow as the document of an XGBoost file. The layout is that of XGBoost 2.1, which
 * 1.7 to 3.2 all read: a scalar base score, no categories container.
 */
final class ForestFile {
    private ForestFile() {}

    static Map<String, Object> of(
            String objective, List<String> featureNames, float baseScore, List<? extends TreeNode> trees) {
        if (featureNames.isEmpty() || trees.isEmpty()) {
            throw new IllegalArgumentException(
                    "A model needs features and trees: %d, %d".formatted(featureNames.size(), trees.size()));
        }
        List<Object> written = new ArrayList<>(trees.size());
        for (TreeNode tree : trees) {
            written.add(tree(tree, written.size(), featureNames.size()));
        }
        List<Object> info = new ArrayList<>(trees.size());
        trees.forEach(tree -> info.add(0L));
        return object(
                "learner",
                object(
                        "attributes",
                        object(),
                        "feature_names",
                        List.copyOf(featureNames),
                        "feature_types",
                        featureNames.stream().map(name -> (Object) "float").toList(),
                        "gradient_booster",
                        object(
                                "model",
                                object(
                                        "gbtree_model_param",
                                        object(
                                                "num_parallel_tree",
                                                String.valueOf(trees.size()),
                                                "num_trees",
                                                String.valueOf(trees.size())),
                                        "iteration_indptr",
                                        List.of(0L, (long) trees.size()),
                                        "tree_info",
                                        info,
                                        "trees",
                                        written),
                                "name",
                                "gbtree"),
                        "learner_model_param",
                        object(
                                "base_score",
                                Float.toString(baseScore),
                                "boost_from_average",
                                "1",
                                "num_class",
                                "0",
                                "num_feature",
                                String.valueOf(featureNames.size()),
                                "num_target",
                                "1"),
                        "objective",
                        object("name", objective, parameterName(objective), object("scale_pos_weight", "1"))),
                "version",
                List.of(2L, 1L, 4L));
    }

    private static String parameterName(String objective) {
        return switch (objective) {
            case "reg:squarederror", "reg:logistic", "binary:logistic", "binary:logitraw" -> "reg_loss_param";
            default ->
                throw new IllegalArgumentException(
                        "Objective " + objective
                                + " is not written here: use reg:squarederror, reg:logistic, binary:logistic or binary:logitraw");
        };
    }

    private static Map<String, Object> tree(TreeNode root, int id, int features) {
        List<TreeNode> nodes = new ArrayList<>();
        List<Integer> parents = new ArrayList<>();
        nodes.add(root);
        parents.add(Integer.MAX_VALUE);
        int count = count(root);
        int[] left = new int[count];
        int[] right = new int[count];
        int[] splitIndices = new int[count];
        float[] conditions = new float[count];
        byte[] missingLeft = new byte[count];
        for (int i = 0; i < count; i++) {
            TreeNode node = nodes.get(i);
            if (node instanceof TreeNode.Split split) {
                if (split.feature() >= features) {
                    throw new IllegalArgumentException(
                            "Feature %d in a model of %d".formatted(split.feature(), features));
                }
                left[i] = nodes.size();
                right[i] = nodes.size() + 1;
                splitIndices[i] = split.feature();
                conditions[i] = split.lessThan();
                missingLeft[i] = (byte) (split.missingIsLess() ? 1 : 0);
                nodes.add(split.ifLess());
                nodes.add(split.otherwise());
                parents.add(i);
                parents.add(i);
            } else {
                left[i] = -1;
                right[i] = -1;
                conditions[i] = ((TreeNode.Leaf) node).value();
            }
        }
        // Gains and covers are not known here; XGBoost needs the arrays but predicts without them.
        return object(
                "base_weights",
                conditions.clone(),
                "categories",
                new int[0],
                "categories_nodes",
                new int[0],
                "categories_segments",
                new long[0],
                "categories_sizes",
                new long[0],
                "default_left",
                missingLeft,
                "id",
                (long) id,
                "left_children",
                left,
                "loss_changes",
                new float[count],
                "parents",
                parents.stream().mapToInt(Integer::intValue).toArray(),
                "right_children",
                right,
                "split_conditions",
                conditions,
                "split_indices",
                splitIndices,
                "split_type",
                new byte[count],
                "sum_hessian",
                new float[count],
                "tree_param",
                object(
                        "num_deleted",
                        "0",
                        "num_feature",
                        String.valueOf(features),
                        "num_nodes",
                        String.valueOf(count),
                        "size_leaf_vector",
                        "1"));
    }

    private static int count(TreeNode node) {
        return node instanceof TreeNode.Split split ? 1 + count(split.ifLess()) + count(split.otherwise()) : 1;
    }

    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return fields;
    }
}
