package dev.arclight.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Models that Python trains, converts to ONNX and saves by MLflow, and what onnxruntime predicts with them there: see
 * {@code python/onnx_models.py}. Made once for each version of the script and kept in the user's cache.
 */
public final class OnnxModels {
    /** For which Python wrote features and predictions. */
    public static final int ROWS = 10_000;

    private OnnxModels() {}

    /** Where they are; do not change them. Skips the test where there is no Python. */
    public static Path folder() {
        PythonEnvironment python = PythonEnvironment.open("onnx");
        String script = resource("onnx_models.py");
        return InstalledOnce.folder("test-models", "onnx", resource("onnx.txt") + script, folder -> {
            Files.createDirectories(folder);
            Path file = Files.writeString(folder.resolve("onnx_models.py"), script);
            python.run(Duration.ofMinutes(5), file, folder);
        });
    }

    /** The float32 numbers of a file such as {@code regressor.rows}. */
    public static float[] floats(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(folder().resolve(file));
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    private static String resource(String name) {
        try (InputStream in = OnnxModels.class.getResourceAsStream("/python/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
