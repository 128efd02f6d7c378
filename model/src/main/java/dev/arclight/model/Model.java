package dev.arclight.model;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.lightgbm.LightGbmFile;
import dev.arclight.model.onnx.OnnxModel;
import dev.arclight.model.xgboost.XGBoostFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trained model, loaded from an MLmodel directory that Arclight or Python MLflow wrote and proven on its golden rows.
 * Immutable and safe for use by many threads.
 *
 * <p>It predicts what {@code mlflow.pyfunc.load_model(directory).predict} predicts.
 */
public final class Model {
    private final Path directory;
    private final String uuid;
    private final Signature signature;
    private final boolean signatureDeclared;
    private final Predictor predictor;
    private final List<Output> outputs;
    private final String description;
    private final @Nullable GoldenRows goldenRows;
    private final Map<String, Object> metadata;

    private Model(
            ModelDirectory source,
            Signature signature,
            boolean signatureDeclared,
            Predictor predictor,
            List<Output> outputs,
            String description,
            @Nullable GoldenRows goldenRows) {
        this.directory = source.directory();
        this.uuid = ModelDirectory.text(source.document(), "model_uuid").orElse("");
        this.signature = signature;
        this.signatureDeclared = signatureDeclared;
        this.predictor = predictor;
        this.outputs = outputs;
        this.description = description;
        this.goldenRows = goldenRows;
        Map<String, Object> copy = new LinkedHashMap<>();
        ModelDirectory.section(source.document(), "metadata").forEach((key, value) -> {
            if (value != null) {
                copy.put(String.valueOf(key), value);
            }
        });
        this.metadata = java.util.Collections.unmodifiableMap(copy);
    }

    /**
     * Loads a model and predicts its golden rows, if it has any.
     *
     * @param directory holds {@code MLmodel}
     * @throws ArclightException {@link ErrorCode#NOT_FOUND} if there is no model or no library for it,
     *     {@link ErrorCode#BAD_INPUT} if it is damaged or of a kind that only Python can run,
     *     {@link ErrorCode#BAD_STATE} if it predicts its golden rows differently
     */
    public static Model load(Path directory) {
        ModelDirectory source = ModelDirectory.open(directory.toAbsolutePath().normalize());
        if (source.isGraph()) {
            return graph(source);
        }
        Trained trained = trained(source);
        Predictor predictor = trained.predictor();
        Map<?, ?> declared = ModelDirectory.section(source.document(), "signature");
        Signature signature = declared.isEmpty() ? derive(trained) : signature(declared);
        check(signature, trained, directory);
        GoldenRows golden = golden(source);
        if (golden != null) {
            golden.verify(predictor, "The model in " + directory);
        }
        return new Model(source, signature, !declared.isEmpty(), predictor, List.of(), trained.description(), golden);
    }

    private static Model graph(ModelDirectory source) {
        Map<?, ?> declared = ModelDirectory.section(source.document(), "signature");
        String what = "The model in " + source.directory();
        OnnxModel graph = OnnxModel.open(
                source.file(ModelDirectory.text(source.flavor(ModelDirectory.ONNX), "data")
                        .orElse("model.onnx")),
                declared.isEmpty() ? null : signature(declared),
                what);
        GoldenRows golden = golden(source);
        if (golden != null) {
            golden.verify(graph.predictor(), what);
        }
        return new Model(
                source,
                graph.signature(),
                !declared.isEmpty(),
                graph.predictor(),
                graph.outputs(),
                graph.description(),
                golden);
    }

    /**
     * What a library's file holds.
     *
     * @param names of the features, or empty
     * @param namesMatter whether Python refuses columns of other names
     */
    private record Trained(Predictor predictor, List<String> names, boolean namesMatter, String description) {}

    private static Trained trained(ModelDirectory source) {
        Map<?, ?> xgboost = source.flavor("xgboost");
        if (!xgboost.isEmpty()) {
            requireClass(source, xgboost, "xgboost.core.Booster", "mlflow.xgboost.log_model(model.get_booster(), ...)");
            XGBoostFile file = XGBoostFile.read(
                    source.read(ModelDirectory.text(xgboost, "data").orElse("model.xgb")));
            return new Trained(
                    file.predictor(),
                    file.featureNames(),
                    true,
                    "XGBoost %s, %s, %d trees in %d rounds, %d features%s"
                            .formatted(
                                    file.version(),
                                    file.objective(),
                                    file.trees(),
                                    file.rounds(),
                                    file.features(),
                                    stopped(file)));
        }
        Map<?, ?> lightgbm = source.flavor("lightgbm");
        if (!lightgbm.isEmpty()) {
            requireClass(source, lightgbm, "lightgbm.basic.Booster", "mlflow.lightgbm.log_model(model.booster_, ...)");
            LightGbmFile file = LightGbmFile.read(
                    source.read(ModelDirectory.text(lightgbm, "data").orElse("model.lgb")));
            return new Trained(
                    file.predictor(),
                    file.featureNames(),
                    false,
                    "LightGBM %s, %s, %d trees, %d features"
                            .formatted(
                                    ModelDirectory.text(lightgbm, "lgb_version").orElse(file.version()),
                                    file.objective(),
                                    file.trees(),
                                    file.features()));
        }
        throw UnknownFlavors.refusal(source);
    }

    /** What a person must know who compares with {@code XGBClassifier.predict}, which stops at the best round. */
    private static String stopped(XGBoostFile file) {
        String best = file.attributes().get("best_iteration");
        return best == null || best.equals(Integer.toString(file.rounds() - 1))
                ? ""
                : "; early stopping found round %s best (from 0), all %d predict, as with pyfunc"
                        .formatted(best, file.rounds());
    }

    private static void requireClass(ModelDirectory source, Map<?, ?> flavor, String expected, String instead) {
        String modelClass = ModelDirectory.text(flavor, "model_class").orElse(expected);
        if (!modelClass.equals(expected)) {
            throw ArclightException.badInput(
                    "The model in %s was saved as %s, whose predict() differs from the booster's; save the booster itself: %s"
                            .formatted(source.directory(), modelClass, instead));
        }
    }

    /** Where it was loaded from. */
    public Path directory() {
        return directory;
    }

    /** MLflow's id of this save, {@code model_uuid}; empty if there is none. */
    public String uuid() {
        return uuid;
    }

    /** What it takes and gives: as saved or, if nothing was saved, from the model file. */
    public Signature signature() {
        return signature;
    }

    /** Whether {@link #signature} was saved with the model. */
    public boolean isSignatureDeclared() {
        return signatureDeclared;
    }

    /** What predicts. Features are in the order of the signature's inputs. */
    public Predictor predictor() {
        return predictor;
    }

    /**
     * The outputs by name, for a model that has such: an ONNX graph. Their widths sum up to the predictor's outputs.
     * Empty for one that gives a number, or one for each class or target, without a name.
     */
    public List<Output> outputs() {
        return outputs;
    }

    /** What each number of a row's prediction is called: {@code p0}, {@code p1}, ... where outputs have no names. */
    public List<String> outputNames() {
        List<String> names = new ArrayList<>();
        for (Output output : outputs) {
            boolean isOne = output.keys().isEmpty() && output.width() == 1;
            for (int i = 0; i < output.width(); i++) {
                String key = output.keys().isEmpty()
                        ? Integer.toString(i)
                        : output.keys().get(i);
                names.add(isOne ? output.name() : output.name() + "_" + key);
            }
        }
        for (int i = 0; outputs.isEmpty() && i < predictor.outputs(); i++) {
            names.add("p" + i);
        }
        return names;
    }

    /** One line for a person: library, objective, size. */
    public String description() {
        return description;
    }

    /** The rows that were verified, if the model brought any. */
    public Optional<GoldenRows> goldenRows() {
        return Optional.ofNullable(goldenRows);
    }

    /** What was saved under {@code metadata}. */
    public Map<String, Object> metadata() {
        return metadata;
    }

    @Override
    public String toString() {
        return "Model[%s, %s]".formatted(directory, description);
    }

    private static Signature signature(Map<?, ?> declared) {
        Map<String, Object> texts = new LinkedHashMap<>();
        declared.forEach((key, value) -> {
            if (value != null) {
                texts.put(String.valueOf(key), value);
            }
        });
        return Signature.of(texts);
    }

    private static Signature derive(Trained trained) {
        Predictor predictor = trained.predictor();
        if (trained.names().isEmpty()) {
            return new Signature(
                    List.of(Field.Tensor.of("float32", -1, predictor.features())),
                    List.of(Signature.prediction(predictor.outputs())),
                    List.of());
        }
        return Signature.table(trained.names(), DataType.FLOAT, predictor.outputs());
    }

    /** XGBoost in Python refuses rows whose columns are not its features, in its order; so do we, but once. */
    private static void check(Signature signature, Trained trained, Path directory) {
        int features = trained.predictor().features();
        Optional<List<Field.Column>> columns = signature.columns();
        if (columns.isEmpty()) {
            Field.Tensor tensor = signature.inputs().size() == 1
                    ? (Field.Tensor) signature.inputs().get(0)
                    : null;
            if (tensor == null || tensor.shape().size() != 2 || tensor.shape().get(1) != features) {
                throw ArclightException.badInput(
                        "The signature of the model in %s takes %s, but the model takes rows of %d numbers"
                                .formatted(directory, signature.inputs(), features));
            }
            return;
        }
        List<String> names = new ArrayList<>();
        for (Field.Column column : columns.get()) {
            if (!column.type().isNumeric()) {
                throw ArclightException.badInput(
                        "The signature of the model in %s has the column '%s' of type %s, but its features are numbers"
                                .formatted(
                                        directory, column.name(), column.type().mlflowName()));
            }
            names.add(Objects.requireNonNullElse(column.name(), ""));
        }
        boolean otherNames = trained.namesMatter()
                && !trained.names().isEmpty()
                && !names.stream().allMatch(String::isEmpty)
                && !names.equals(trained.names());
        if (names.size() != features || otherNames) {
            throw ArclightException.badInput(
                    "The signature of the model in %s has the columns %s, but the model was trained on %s, in this order"
                            .formatted(
                                    directory,
                                    names,
                                    trained.names().isEmpty() ? features + " features" : trained.names()));
        }
    }

    private static @Nullable GoldenRows golden(ModelDirectory source) {
        Optional<String> name = ModelDirectory.text(source.flavor(ModelWriter.FLAVOR), "golden_rows");
        if (name.isEmpty()) {
            return null;
        }
        String json = new String(source.read(name.get()), StandardCharsets.UTF_8);
        try {
            return GoldenRows.fromJson(json);
        } catch (IOException | NumberFormatException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "%s holds no golden rows: %s".formatted(source.directory().resolve(name.get()), e.getMessage()),
                    e);
        }
    }
}
