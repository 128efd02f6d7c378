package dev.arclight.model.xgboost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.model.RawFloats;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The models of {@code python/models.py} and what Python predicts with them. */
public final class TrainedModels {
    public static final int ROWS = 10_000;

    /** One of them. */
    public record Trained(Path folder, String name, int features, int outputs, int margins, int rounds, int cut) {
        public byte[] ubj() {
            return bytes(".ubj");
        }

        public byte[] json() {
            return bytes(".json");
        }

        public float[] rows() {
            return floats(".rows");
        }

        public float[] expectedMargins() {
            return floats(".margins");
        }

        public float[] expectedPredictions() {
            return floats(".predictions");
        }

        private byte[] bytes(String suffix) {
            try {
                return Files.readAllBytes(folder.resolve(name + suffix));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private float[] floats(String suffix) {
            try {
                return RawFloats.read(folder.resolve(name + suffix));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private TrainedModels() {}

    /** Trains them all in the Python environment {@code name}. */
    public static List<Trained> in(String environment, Path folder) throws IOException {
        PythonEnvironment python = PythonEnvironment.open(environment);
        String output = python.run(Duration.ofMinutes(3), script(folder, "models.py"), folder, "vectors");
        List<Trained> models = new ArrayList<>();
        for (JsonNode node : new JsonMapper().readTree(output.substring(output.lastIndexOf("[{")))) {
            models.add(new Trained(
                    folder,
                    node.get("name").asText(),
                    node.get("features").asInt(),
                    node.get("outputs").asInt(),
                    node.get("margins").asInt(),
                    node.get("rounds").asInt(),
                    node.path("cut").asInt(0)));
        }
        return models;
    }

    /** Copies a script of the test's resources to {@code folder}. */
    public static Path script(Path folder, String name) throws IOException {
        try (InputStream in = TrainedModels.class.getResourceAsStream("/python/" + name)) {
            Path script = folder.resolve(name);
            Files.write(script, Objects.requireNonNull(in, name).readAllBytes());
            return script;
        }
    }
}
