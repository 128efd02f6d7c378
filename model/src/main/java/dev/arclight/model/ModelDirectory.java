package dev.arclight.model;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The {@code MLmodel} file of a directory and the files it names. */
record ModelDirectory(Path directory, Map<?, ?> document) {
    /** The file that makes a directory a model. */
    static final String FILE = "MLmodel";

    /** MLflow's flavor of ONNX graphs. */
    static final String ONNX = "onnx";

    static ModelDirectory open(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw ArclightException.notFound(
                    "%s is no model directory: it has no file named MLmodel".formatted(directory));
        }
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            if (document instanceof Map<?, ?> map) {
                return new ModelDirectory(directory, map);
            }
            throw ArclightException.badInput("%s should hold a YAML mapping".formatted(file));
        } catch (YAMLException e) {
            throw new ArclightException(ErrorCode.BAD_INPUT, "%s is no YAML: %s".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    Map<?, ?> flavors() {
        return section(document, "flavors");
    }

    /** Whether it holds an ONNX graph and nothing that is read without a library. */
    boolean isGraph() {
        return !flavor(ONNX).isEmpty()
                && flavor("xgboost").isEmpty()
                && flavor("lightgbm").isEmpty();
    }

    Map<?, ?> flavor(String name) {
        return section(flavors(), name);
    }

    static Map<?, ?> section(Map<?, ?> map, String key) {
        return map.get(key) instanceof Map<?, ?> section ? section : Map.of();
    }

    static Optional<String> text(Map<?, ?> map, String key) {
        return Optional.ofNullable(map.get(key)).map(String::valueOf);
    }

    /** The file that the directory calls {@code name}; never one outside it. */
    Path file(String name) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw ArclightException.badInput(
                    "%s names the file '%s' outside its directory".formatted(directory.resolve(FILE), name));
        }
        if (!Files.isRegularFile(file)) {
            throw ArclightException.badInput(
                    "The model in %s is incomplete: it has no file %s".formatted(directory, name));
        }
        return file;
    }

    /** Reads the file that the directory calls {@code name}. */
    byte[] read(String name) {
        Path file = file(name);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
