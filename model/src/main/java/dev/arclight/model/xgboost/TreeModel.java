package dev.arclight.model.xgboost;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What predictions need of a model file, checked. */
final class TreeModel {
    final String objectiveName;
    final int features;
    final List<String> featureNames;
    final List<Tree> trees;
    private final Objective objective;
    /** The score as the file has it, of each group. */
    private final float[] base;
    /** Of each tree: the class or target it adds to. */
    private final int[] group;
    /** The number of trees after each round, beginning with 0. */
    private final int[] roundEnds;

    private TreeModel(
            String objectiveName,
            Objective objective,
            int features,
            List<String> featureNames,
            float[] base,
            List<Tree> trees,
            int[] group,
            int[] roundEnds) {
        this.objectiveName = objectiveName;
        this.objective = objective;
        this.features = features;
        this.featureNames = List.copyOf(featureNames);
        this.base = base;
        this.trees = List.copyOf(trees);
        this.group = group;
        this.roundEnds = roundEnds;
    }

    static TreeModel read(Map<String, Object> root) {
        Section learner = new Section("", root).section("learner");
        Section parameters = learner.section("learner_model_param");
        Section booster = learner.section("gradient_booster");
        String kind = booster.text("name");
        if (!kind.equals("gbtree")) {
            throw ArclightException.badInput(
                    "This XGBoost model has the booster '%s', which is not supported; train with booster=gbtree"
                            .formatted(kind));
        }
        Section forest = booster.section("model");
        String objectiveName = learner.section("objective").text("name");
        Objective objective = Objective.of(objectiveName);
        int features = parameters.number("num_feature");
        if (features < 1) {
            throw parameters.wrong("num_feature", "at least 1", features);
        }
        List<String> names = learner.texts("feature_names");
        if (!names.isEmpty() && names.size() != features) {
            throw learner.wrong("feature_names", features + " names", names.size());
        }
        int targets = parameters.has("num_target") ? parameters.number("num_target") : 1;
        int groups = Math.max(1, Math.max(parameters.number("num_class"), targets));
        float[] base = baseScore(parameters, groups);

        List<Section> sections = forest.sections("trees");
        int[] group = forest.ints("tree_info");
        if (group.length != sections.size()) {
            throw forest.wrong("tree_info", sections.size() + " entries", group.length);
        }
        List<Tree> trees = new ArrayList<>(sections.size());
        for (int t = 0; t < group.length; t++) {
            if (group[t] < 0 || group[t] >= groups) {
                throw forest.wrong("tree_info", "groups below " + groups, group[t]);
            }
            Tree tree = Tree.read(sections.get(t), features);
            if ((tree.width != 1 && tree.width != groups) || tree.width != (t == 0 ? tree : trees.get(0)).width) {
                throw sections.get(t).wrong("tree_param", "1 or " + groups + " numbers in each leaf", tree.width);
            }
            trees.add(tree);
        }
        return new TreeModel(
                objectiveName,
                objective,
                features,
                names,
                base,
                trees,
                group,
                roundEnds(forest, trees.isEmpty() || trees.get(0).width == 1 ? groups : 1, group.length));
    }

    /** A number until XGBoost 3.0, from 3.1 on an array in text, {@code [5E-1]}, of one or of one for each target. */
    private static float[] baseScore(Section parameters, int groups) {
        String text = parameters.text("base_score").strip();
        boolean array = text.startsWith("[") && text.endsWith("]");
        String[] parts = (array ? text.substring(1, text.length() - 1) : text).split(",", -1);
        float[] base = new float[groups];
        if (parts.length != 1 && parts.length != groups) {
            throw parameters.wrong("base_score", "one number or " + groups, text);
        }
        for (int i = 0; i < groups; i++) {
            try {
                base[i] = Float.parseFloat(parts[parts.length == 1 ? 0 : i].strip());
            } catch (NumberFormatException e) {
                throw parameters.wrong("base_score", "numbers", text);
            }
        }
        return base;
    }

    /** Files before XGBoost 2.0 do not say where a round ends: all have groups times parallel trees. */
    private static int[] roundEnds(Section forest, int groups, int trees) {
        int[] ends = forest.ints("iteration_indptr");
        if (ends.length == 0) {
            Section parameters = forest.section("gbtree_model_param");
            int parallel = parameters.has("num_parallel_tree") ? parameters.number("num_parallel_tree") : 1;
            int each = groups * Math.max(1, parallel);
            if (trees % each != 0) {
                throw forest.wrong("trees", "rounds of " + each + " trees", trees);
            }
            ends = new int[trees / each + 1];
            Arrays.setAll(ends, round -> round * each);
        }
        if (ends[0] != 0 || ends[ends.length - 1] != trees) {
            throw forest.wrong("iteration_indptr", "0 to " + trees, Arrays.toString(ends));
        }
        for (int i = 1; i < ends.length; i++) {
            if (ends[i] < ends[i - 1]) {
                throw forest.wrong("iteration_indptr", "rising numbers", ends[i]);
            }
        }
        return ends;
    }

    int rounds() {
        return roundEnds.length - 1;
    }

    int treesUntil(int rounds) {
        return roundEnds[rounds];
    }

    Predictor predictor() {
        float[] margins = new float[base.length];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = objective.toMargin(base[i]);
        }
        return new ForestPredictor(features, objective, margins, trees, group);
    }
}
