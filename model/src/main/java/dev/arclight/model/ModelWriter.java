package dev.arclight.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.xgboost.XGBoostFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Writes an MLmodel directory that Python's {@code mlflow.pyfunc.load_model} and {@code mlflow.xgboost.load_model} open
 * and that {@link Model#load} proves on its golden rows. Immutable: each {@code with} returns a new writer.
 *
 * <p>Requirements come from a template: nothing is inferred. Early-stopped models are written cut at their best
 * iteration ({@link XGBoostFile#cut}), because pyfunc predicts with all trees of the file.
 */
public final class ModelWriter {
    /** The flavor under which Arclight keeps what MLflow has no place for. */
    static final String FLAVOR = "arclight";

    /** The MLflow whose directory layout this is. */
    private static final String MLFLOW = "3.17.2";

    private static final String PYTHON = "3.11.7";
    private static final int EXAMPLE_ROWS = 5;

    private final XGBoostFile file;
    private final Signature signature;
    private final GoldenRows golden;
    private final Map<String, Object> metadata;
    private final @Nullable String runId;
    private final @Nullable String modelId;

    private ModelWriter(
            XGBoostFile file,
            Signature signature,
            GoldenRows golden,
            Map<String, Object> metadata,
            @Nullable String runId,
            @Nullable String modelId) {
        this.file = file;
        this.signature = signature;
        this.golden = golden;
        this.metadata = metadata;
        this.runId = runId;
        this.modelId = modelId;
    }

    /**
     * Prepares a model for writing.
     *
     * @param file all trees that shall predict
     * @param signature inputs in the order of the features
     * @param golden rows with the predictions of the library that trained the model (not of {@code file.predictor()})
     * @throws ArclightException {@link ErrorCode#BAD_STATE} if the pure-Java predictor gives other predictions
     */
    public static ModelWriter xgboost(XGBoostFile file, Signature signature, GoldenRows golden) {
        golden.verify(file.predictor(), "The model to be written");
        if (signature.inputs().size() != file.features() && signature.columns().isPresent()) {
            throw new IllegalArgumentException(
                    "%d columns for %d features".formatted(signature.inputs().size(), file.features()));
        }
        return new ModelWriter(file, signature, golden, Map.of(), null, null);
    }

    /** Adds what a person or program may want to know: texts, numbers, booleans, lists and maps of these. */
    public ModelWriter withMetadata(Map<String, ?> more) {
        Map<String, Object> all = new LinkedHashMap<>(metadata);
        all.putAll(more);
        return new ModelWriter(file, signature, golden, java.util.Collections.unmodifiableMap(all), runId, modelId);
    }

    /** Names the run that trained it. */
    public ModelWriter withRunId(String id) {
        return new ModelWriter(file, signature, golden, metadata, Objects.requireNonNull(id), modelId);
    }

    /** Names the logged model ({@code m-...}) that it is stored as. */
    public ModelWriter withModelId(String id) {
        return new ModelWriter(file, signature, golden, metadata, runId, Objects.requireNonNull(id));
    }

    /**
     * Writes the directory, whole or not at all; one that exists is replaced.
     *
     * @throws ArclightException {@link ErrorCode#UNAVAILABLE} if it cannot be written
     */
    public void write(Path directory) {
        try {
            AtomicFiles.replaceDirectory(directory, this::fill);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot write the model to %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private void fill(Path directory) throws IOException {
        byte[] bytes = file.toBytes();
        Files.write(directory.resolve("model.ubj"), bytes);
        Files.writeString(directory.resolve("golden_rows.json"), golden.toJson(file.features()));
        Files.writeString(directory.resolve("requirements.txt"), String.join("\n", requirements()) + "\n");
        Files.writeString(
                directory.resolve("conda.yaml"),
                yaml(ordered(
                        "channels",
                        List.of("conda-forge"),
                        "dependencies",
                        List.of("python=" + PYTHON, "pip", Map.of("pip", requirements())),
                        "name",
                        "mlflow-env")));
        Files.writeString(
                directory.resolve("python_env.yaml"),
                yaml(ordered(
                        "python",
                        PYTHON,
                        "build_dependencies",
                        List.of("pip", "setuptools", "wheel"),
                        "dependencies",
                        List.of("-r requirements.txt"))));
        boolean table = signature.columns().isPresent();
        ObjectNode example = example(table);
        Files.writeString(directory.resolve("input_example.json"), example.toString());
        Files.writeString(
                directory.resolve("serving_input_example.json"),
                new JsonMapper()
                        .createObjectNode()
                        .set(table ? "dataframe_split" : "inputs", table ? example : example.get("inputs"))
                        .toString());
        Files.writeString(directory.resolve(ModelDirectory.FILE), yaml(document(bytes.length, table)));
    }

    private Map<String, @Nullable Object> document(long bytes, boolean table) {
        Map<String, @Nullable Object> flavors = ordered(
                FLAVOR,
                ordered("data", "model.ubj", "golden_rows", "golden_rows.json", "kind", "xgboost"),
                "python_function",
                ordered(
                        "data",
                        "model.ubj",
                        "env",
                        ordered("conda", "conda.yaml", "virtualenv", "python_env.yaml"),
                        "loader_module",
                        "mlflow.xgboost",
                        "python_version",
                        PYTHON),
                "xgboost",
                ordered(
                        "code",
                        null,
                        "data",
                        "model.ubj",
                        "model_class",
                        "xgboost.core.Booster",
                        "model_format",
                        "ubj",
                        "xgb_version",
                        file.version()));
        Map<String, @Nullable Object> document = ordered("flavors", flavors);
        if (!metadata.isEmpty()) {
            document.put("metadata", metadata);
        }
        document.put("mlflow_version", MLFLOW);
        if (modelId != null) {
            document.put("model_id", modelId);
        }
        document.put("model_size_bytes", bytes);
        document.put("model_uuid", UUID.randomUUID().toString().replace("-", ""));
        if (runId != null) {
            document.put("run_id", runId);
        }
        document.put(
                "saved_input_example_info",
                table
                        ? ordered(
                                "artifact_path",
                                "input_example.json",
                                "pandas_orient",
                                "split",
                                "serving_input_path",
                                "serving_input_example.json",
                                "type",
                                "dataframe")
                        : ordered(
                                "artifact_path",
                                "input_example.json",
                                "format",
                                "tf-serving",
                                "serving_input_path",
                                "serving_input_example.json",
                                "type",
                                "ndarray"));
        document.put("signature", signature.toMap());
        document.put(
                "utc_time_created",
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").format(LocalDateTime.now(ZoneOffset.UTC)));
        return document;
    }

    private List<String> requirements() {
        return List.of("mlflow==" + MLFLOW, "xgboost>=2.1", "numpy", "pandas", "scipy");
    }

    /** The first golden rows: {@code {"columns": ..., "data": ...}}, or {@code {"inputs": ...}} without columns. */
    private ObjectNode example(boolean table) {
        ObjectNode example = JsonNodeFactory.instance.objectNode();
        if (table) {
            ArrayNode columns = example.putArray("columns");
            signature.inputs().forEach(input -> columns.add(input.name()));
        }
        ArrayNode data = example.putArray(table ? "data" : "inputs");
        float[] rows = golden.rows();
        int features = file.features();
        for (int row = 0; row < Math.min(EXAMPLE_ROWS, golden.count()); row++) {
            ArrayNode values = data.addArray();
            for (int i = 0; i < features; i++) {
                add(values, rows[row * features + i], signature.inputs().get(table ? i : 0));
            }
        }
        return example;
    }

    private static void add(ArrayNode values, float value, Field field) {
        if (Float.isNaN(value)) {
            values.addNull();
        } else if (field instanceof Field.Column column && column.type() == DataType.BOOLEAN) {
            values.add(value != 0);
        } else if (field instanceof Field.Column column
                && (column.type() == DataType.LONG || column.type() == DataType.INTEGER)) {
            values.add((long) value);
        } else {
            values.add(value);
        }
    }

    private static String yaml(Object document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        return new Yaml(options).dump(document);
    }

    private static Map<String, @Nullable Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) Objects.requireNonNull(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
