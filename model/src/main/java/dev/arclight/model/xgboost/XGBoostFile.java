package dev.arclight.model.xgboost;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Predictor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An XGBoost model as its file holds it: boosted trees or a random forest, from XGBoost 1.0 to 3.2, UBJ or JSON.
 * Immutable.
 *
 * <p>Everything in the file that is not understood here is kept as it is, so {@link #toBytes()} loses nothing. DART and
 * linear boosters, XGBoost's old binary format and custom objectives are refused by name.
 *
 * <p>Format: <a href="https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html">Introduction to Model
 * IO</a> and the schema in XGBoost's {@code doc/model.schema}.
 */
public final class XGBoostFile {
    /** What early stopping leaves in the file; wrong once trees are cut off. */
    private static final Set<String> STOPPING = Set.of("best_iteration", "best_score", "best_ntree_limit");

    private final Map<String, Object> root;
    private final TreeModel model;

    private XGBoostFile(Map<String, Object> root) {
        this.root = root;
        this.model = TreeModel.read(root);
    }

    /**
     * Reads a model file.
     *
     * @param bytes what {@code save_model("model.ubj")}, {@code save_model("model.json")} or
     *     {@code Booster.toByteArray("ubj")} made; not kept
     * @throws ArclightException {@link dev.arclight.base.ErrorCode#BAD_INPUT} if it is damaged or of a kind that is not
     *     supported; says which
     */
    public static XGBoostFile read(byte[] bytes) {
        if (bytes.length < 2 || bytes[0] != '{') {
            throw ArclightException.badInput(
                    "This is neither an XGBoost UBJ nor JSON file (%d bytes): if it is XGBoost's old binary format, load it in Python and save it with save_model(\"model.ubj\")"
                            .formatted(bytes.length));
        }
        boolean binary = bytes[1] == 'L' || bytes[1] == 'i' || bytes[1] == 'U' || bytes[1] == 'I' || bytes[1] == 'l';
        return new XGBoostFile(binary ? Ubj.read(bytes) : JsonDocument.read(bytes));
    }

    /**
     * Makes a model of trees that another library grew. Its file loads in XGBoost 1.7 and newer.
     *
     * @param objective XGBoost's name: {@code reg:squarederror} adds the leaves up and leaves them so, which gives the
     *     mean of a forest when each leaf is divided by the number of trees
     * @param featureNames in the order of the features
     * @param baseScore what every row starts from, in the space of predictions (0.5 is a margin of 0 for
     *     {@code binary:logistic})
     * @param trees added up in this order; at least one; all in one round, as a random forest
     */
    public static XGBoostFile ofTrees(
            String objective, List<String> featureNames, float baseScore, List<? extends TreeNode> trees) {
        return new XGBoostFile(ForestFile.of(objective, featureNames, baseScore, trees));
    }

    /** XGBoost's name of the objective, such as {@code binary:logistic}. */
    public String objective() {
        return model.objectiveName;
    }

    /** How many features a row has. */
    public int features() {
        return model.features;
    }

    /** The names of the features, or empty if the model was trained without names. */
    public List<String> featureNames() {
        return model.featureNames;
    }

    /** The boosting rounds; a random forest has one. */
    public int rounds() {
        return model.rounds();
    }

    /** All trees: rounds times classes (or targets) times parallel trees. */
    public int trees() {
        return model.trees.size();
    }

    /** The XGBoost that wrote the file, such as {@code 3.1.1}; {@code unknown} if the file does not say. */
    public String version() {
        Object version = root.get("version");
        if (version instanceof List<?> parts && !parts.isEmpty()) {
            return String.join(".", parts.stream().map(String::valueOf).toList());
        }
        return version instanceof int[] parts
                ? String.join(
                        ".",
                        java.util.Arrays.stream(parts).mapToObj(String::valueOf).toList())
                : "unknown";
    }

    /** Texts that the trainer attached, such as {@code best_iteration}. */
    public Map<String, String> attributes() {
        Section learner = new Section("", root).section("learner");
        if (!learner.has("attributes")) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        child(child(root, "learner"), "attributes").forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return Map.copyOf(texts);
    }

    /**
     * This model with only its first rounds, as if training had stopped there: what early stopping means by its best
     * iteration is {@code cut(bestIteration + 1)}. Early stopping's attributes are left out, because readers differ in
     * whether they obey them.
     *
     * @param rounds 1 to {@link #rounds()}
     * @throws IllegalArgumentException if out of range
     */
    public XGBoostFile cut(int rounds) {
        if (rounds < 1 || rounds > rounds()) {
            throw new IllegalArgumentException("Cannot keep %d of %d rounds".formatted(rounds, rounds()));
        }
        int trees = model.treesUntil(rounds);
        Map<String, Object> document = new LinkedHashMap<>(root);
        Map<String, Object> learner = copyChild(document, "learner");
        if (learner.containsKey("attributes")) {
            copyChild(learner, "attributes").keySet().removeAll(STOPPING);
        }
        Map<String, Object> forest = copyChild(copyChild(learner, "gradient_booster"), "model");
        copyChild(forest, "gbtree_model_param").put("num_trees", String.valueOf(trees));
        forest.put("trees", new ArrayList<>(((List<?>) required(forest, "trees")).subList(0, trees)));
        forest.put("tree_info", prefix(required(forest, "tree_info"), trees));
        if (forest.containsKey("iteration_indptr")) {
            forest.put("iteration_indptr", prefix(required(forest, "iteration_indptr"), rounds + 1));
        }
        return new XGBoostFile(document);
    }

    /**
     * The model in XGBoost's UBJ format.
     *
     * @return owned by the caller; equal to what was read, byte for byte, if that was UBJ that XGBoost wrote
     */
    public byte[] toBytes() {
        return Ubj.write(root);
    }

    /**
     * A predictor in pure Java. Margins and predictions are the very floats of XGBoost's CPU predictor on Linux, but
     * for one unit in the last place of a base score that passes through the C library's {@code logf}.
     */
    public Predictor predictor() {
        return model.predictor();
    }

    @Override
    public String toString() {
        return "XGBoostFile[%s, %d features, %d rounds, %d trees, written by %s]"
                .formatted(objective(), features(), rounds(), trees(), version());
    }

    private static Object prefix(Object array, int length) {
        if (array instanceof int[] ints) {
            return java.util.Arrays.copyOf(ints, length);
        }
        return new ArrayList<>(((List<?>) array).subList(0, length));
    }

    private static Map<String, Object> copyChild(Map<String, Object> parent, String key) {
        Map<String, Object> copy = new LinkedHashMap<>(child(parent, key));
        parent.put(key, copy);
        return copy;
    }

    @SuppressWarnings("unchecked") // both readers make maps of texts only
    private static Map<String, Object> child(Map<String, Object> parent, String key) {
        return (Map<String, Object>) required(parent, key);
    }

    private static Object required(Map<String, Object> parent, String key) {
        Object value = parent.get(key);
        if (value == null) {
            throw new IllegalStateException("Checked before and gone: " + key);
        }
        return value;
    }
}
