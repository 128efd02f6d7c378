package dev.arclight.model.lightgbm;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Predictor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A LightGBM model as {@code Booster.save_model} writes it: boosted trees or a random forest, versions 3 and 4 of the
 * text format. Immutable.
 *
 * <p>Early-stopped models hold the trees up to the best iteration only, and all trees in the file count. Linear trees,
 * custom objectives that need Python, and columns that pandas held as categories of texts are refused by name.
 *
 * <p>Format and semantics: LightGBM's {@code src/io/tree.cpp}, {@code include/LightGBM/tree.h} and
 * {@code src/boosting/gbdt_model_text.cpp}.
 */
public final class LightGbmFile {
    private final List<String> featureNames;
    private final int classes;
    private final boolean averaged;
    private final LightGbmObjective objective;
    private final List<LightGbmTree> trees;
    private final String version;

    private LightGbmFile(Map<String, String> header, List<LightGbmTree> trees) {
        this.version = header.getOrDefault("version", "unknown");
        this.featureNames = List.of(required(header, "feature_names").strip().split("\\s+"));
        this.classes = number(header, "num_tree_per_iteration");
        this.averaged = header.containsKey("average_output");
        this.objective = LightGbmObjective.of(header.getOrDefault("objective", "none"), classes);
        this.trees = List.copyOf(trees);
        int features = number(header, "max_feature_idx") + 1;
        if (features != featureNames.size()) {
            throw damaged("it has %d features and %d names of features".formatted(features, featureNames.size()));
        }
        if (classes < 1 || trees.size() % classes != 0) {
            throw damaged("%d trees do not make whole iterations of %d".formatted(trees.size(), classes));
        }
        for (LightGbmTree tree : trees) {
            if (tree.largestFeature() >= features) {
                throw damaged("a tree asks for feature %d of %d".formatted(tree.largestFeature(), features));
            }
        }
    }

    /**
     * Reads a model file.
     *
     * @param bytes what {@code Booster.save_model("model.lgb")} made; not kept
     * @throws ArclightException {@link dev.arclight.base.ErrorCode#BAD_INPUT} if it is damaged or of a kind that is not
     *     supported; says which
     */
    public static LightGbmFile read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.startsWith("tree\n") && !text.startsWith("tree\r\n")) {
            throw ArclightException.badInput(
                    "This is no LightGBM text model (%d bytes): save it with booster.save_model(\"model.lgb\")"
                            .formatted(bytes.length));
        }
        Map<String, String> header = new HashMap<>();
        List<LightGbmTree> trees = new ArrayList<>();
        Map<String, String> section = header;
        boolean ended = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.startsWith("Tree=")) {
                add(section, header, trees);
                section = new HashMap<>();
                section.put("Tree", line.substring(5));
            } else if (line.equals("end of trees")) {
                add(section, header, trees);
                section = new HashMap<>(); // importances and parameters, of no use here
                ended = true;
            } else if (line.startsWith("pandas_categorical:")) {
                refuseCategories(line.substring(19).strip());
            } else if (!ended) {
                int equals = line.indexOf('=');
                section.put(equals < 0 ? line.strip() : line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (!ended) {
            throw damaged("it ends before 'end of trees'");
        }
        return new LightGbmFile(header, trees);
    }

    private static void add(Map<String, String> section, Map<String, String> header, List<LightGbmTree> trees) {
        if (section != header) {
            trees.add(LightGbmTree.of(section));
        }
    }

    private static void refuseCategories(String lists) {
        if (!lists.isEmpty() && !lists.equals("null") && !lists.equals("[]")) {
            throw ArclightException.badInput(
                    "The LightGBM model maps texts of pandas' category columns to numbers (%s), which only Python does; train it on the codes: frame[column].cat.codes"
                            .formatted(lists.length() <= 80 ? lists : lists.substring(0, 80) + "…"));
        }
    }

    /** LightGBM's name of the objective, such as {@code binary}; {@code none} if the file names none. */
    public String objective() {
        return objective.name();
    }

    /** How many features a row has. */
    public int features() {
        return featureNames.size();
    }

    /** The names as LightGBM keeps them: blanks became underscores; {@code Column_0}, … where there were none. */
    public List<String> featureNames() {
        return featureNames;
    }

    /** All trees: iterations times classes. */
    public int trees() {
        return trees.size();
    }

    /** The version of the text format, such as {@code v4}. */
    public String version() {
        return version;
    }

    /**
     * A predictor in pure Java that computes in double, as LightGBM does. It gets features as float32: a double that
     * Python would compare with a threshold less than half a unit in the last float32 place away may take the other
     * branch.
     */
    public Predictor predictor() {
        return new LightGbmPredictor(features(), classes, averaged, objective, trees);
    }

    @Override
    public String toString() {
        return "LightGbmFile[%s, %d features, %d trees, %s]".formatted(objective(), features(), trees(), version);
    }

    static String required(Map<String, String> section, String key) {
        String value = section.get(key);
        if (value == null) {
            throw damaged("'%s' is missing%s"
                    .formatted(key, section.containsKey("Tree") ? " in tree " + section.get("Tree") : ""));
        }
        return Objects.requireNonNull(value);
    }

    static int number(Map<String, String> section, String key) {
        String text = required(section, key);
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw damaged("'%s' is '%s', which is no whole number".formatted(key, text));
        }
    }

    static ArclightException damaged(String how) {
        return ArclightException.badInput("The LightGBM model is damaged: " + how);
    }
}
