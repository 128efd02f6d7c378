package dev.arclight.raytrain;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.DataType;
import dev.arclight.model.Field;
import dev.arclight.model.Signature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Makes an MLmodel directory of a checkpoint: {@code model.onnx}, {@code model.pt} (TorchScript) and
 * {@code model.keras} become MLflow's flavors onnx, pytorch and keras; a checkpoint that is a model directory already
 * stays what it is.
 */
final class ModelFolder {
    private static final String FILE = "MLmodel";
    private static final String ONNX = "model.onnx";
    private static final String SCRIPT = "model.pt";
    private static final String KERAS = "model.keras";
    private static final String MLFLOW = "3.17.2";
    private static final String PYTHON = "3.11.7";

    private final Trained trained;

    ModelFolder(Trained trained) {
        this.trained = trained;
    }

    /**
     * Writes the directory, whole or not at all; one that exists is replaced.
     *
     * @throws ArclightException BAD_INPUT if the checkpoint holds no model of a kind known here; UNAVAILABLE
     */
    void write(Path directory) {
        try {
            AtomicFiles.replaceDirectory(directory, this::fill);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot write the model to %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private void fill(Path directory) throws IOException {
        List<String> files = unpack(directory);
        if (files.contains(FILE)) {
            return;
        }
        Map<String, @Nullable Object> flavors = new LinkedHashMap<>();
        List<String> requirements = new ArrayList<>(List.of("mlflow==" + MLFLOW));
        Map<String, @Nullable Object> function = null;
        if (files.contains(SCRIPT)) {
            Path data = Files.createDirectories(directory.resolve("data"));
            Files.move(directory.resolve(SCRIPT), data.resolve("model.pth"));
            Files.writeString(data.resolve("pickle_module_info.txt"), "mlflow.pytorch.pickle_module");
            flavors.put(
                    "pytorch",
                    ordered("code", null, "model_data", "data", "pytorch_version", version("torch", requirements)));
            function = ordered("loader_module", "mlflow.pytorch", "data", "data");
            function.put("pickle_module_name", "mlflow.pytorch.pickle_module");
        }
        if (files.contains(KERAS)) {
            Path data = Files.createDirectories(directory.resolve("data"));
            Files.move(directory.resolve(KERAS), data.resolve(KERAS));
            Files.writeString(data.resolve("keras_module.txt"), "keras");
            flavors.put(
                    "keras",
                    ordered(
                            "data",
                            "data",
                            "keras_version",
                            version("keras", requirements),
                            "keras_backend",
                            trained.versions().containsKey("tensorflow") ? "tensorflow" : "torch",
                            "save_exported_model",
                            false));
            function = ordered("loader_module", "mlflow.keras");
        }
        if (files.contains(ONNX)) {
            requirements.add("onnxruntime");
            flavors.put(
                    "onnx",
                    ordered(
                            "code",
                            null,
                            "data",
                            ONNX,
                            "onnx_version",
                            version("onnx", requirements),
                            "providers",
                            List.of("CUDAExecutionProvider", "CPUExecutionProvider")));
            function = ordered("loader_module", "mlflow.onnx", "data", ONNX);
        }
        if (function == null) {
            throw ArclightException.badInput(
                    "The last checkpoint holds %s, and none of %s, %s, %s and %s: save the trained network as one of these in each checkpoint"
                            .formatted(files, ONNX, SCRIPT, KERAS, FILE));
        }
        function.put("env", ordered("conda", "conda.yaml", "virtualenv", "python_env.yaml"));
        function.put("python_version", PYTHON);
        flavors.put("python_function", function);
        write(directory, flavors, requirements);
    }

    private void write(Path directory, Map<String, @Nullable Object> flavors, List<String> requirements)
            throws IOException {
        Files.writeString(directory.resolve("requirements.txt"), String.join("\n", requirements) + "\n");
        Files.writeString(
                directory.resolve("conda.yaml"),
                yaml(ordered(
                        "channels",
                        List.of("conda-forge"),
                        "dependencies",
                        List.of("python=" + PYTHON, "pip", Map.of("pip", requirements)),
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
        List<Field> inputs = new ArrayList<>();
        trained.features().forEach(name -> inputs.add(Field.Column.of(name, DataType.FLOAT)));
        Files.writeString(
                directory.resolve(FILE),
                yaml(ordered(
                        "flavors",
                        flavors,
                        "mlflow_version",
                        MLFLOW,
                        "model_uuid",
                        UUID.randomUUID().toString().replace("-", ""),
                        "signature",
                        new Signature(inputs, List.of(), List.of()).toMap(),
                        "utc_time_created",
                        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS")
                                .format(LocalDateTime.now(ZoneOffset.UTC)))));
    }

    /** The version of a library on the workers, which the model then requires; empty where it was not loaded. */
    private String version(String library, List<String> requirements) {
        String version = trained.versions().getOrDefault(library, "");
        // A build of a distribution, such as 1.13.0a0, is on no index.
        requirements.add(version.matches("[0-9.]+") ? library + "==" + version : library);
        return version;
    }

    private List<String> unpack(Path directory) throws IOException {
        List<String> files = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(trained.archive()))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException("the checkpoint names a file outside of itself: " + entry.getName());
                }
                if (!entry.isDirectory()) {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy(in, file);
                    files.add(entry.getName());
                }
            }
        }
        return files;
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
