package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.learn.spark.PredictorSource;
import dev.arclight.model.Model;
import dev.arclight.model.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model directory on their way to executors, loaded there once and proven on the golden rows there too.
 * Safe for use by many threads.
 */
final class ShippedModel implements PredictorSource {
    private static final long serialVersionUID = 1L;
    private static final long MOST_BYTES = 1L << 30;

    private final TreeMap<String, byte[]> files;
    private transient @Nullable Model loaded;

    private ShippedModel(Map<String, byte[]> files, Model loaded) {
        this.files = new TreeMap<>(files);
        this.loaded = loaded;
    }

    static ShippedModel of(Model model) {
        Path directory = model.directory();
        Map<String, byte[]> files = new TreeMap<>();
        long bytes = 0;
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
                if (bytes > MOST_BYTES) {
                    throw ArclightException.badInput(
                            "The model in %s is larger than 1 GiB, too large to send to executors"
                                    .formatted(directory));
                }
                files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot read the model in %s: %s".formatted(directory, e.getMessage()), e);
        }
        return new ShippedModel(files, model);
    }

    @Override
    public synchronized Predictor predictor() {
        Model model = loaded;
        if (model == null) {
            model = load();
            loaded = model;
        }
        return model.predictor();
    }

    private Model load() {
        try {
            Path directory = Files.createTempDirectory("arclight-model");
            try {
                for (var file : files.entrySet()) {
                    Path path = directory.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.write(path, file.getValue());
                }
                return Model.load(directory);
            } finally {
                AtomicFiles.deleteTree(directory);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot unpack a model in the temporary folder: " + e.getMessage(), e);
        }
    }
}
