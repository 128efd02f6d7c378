package dev.arclight.model.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.arclight.model.onnx.Graph;
import dev.arclight.model.onnx.Graphs;
import java.nio.file.Path;

/** ONNX Runtime on the CPU. Public, as its constructor, for {@code OnnxLibrary}, which finds it by name. */
public final class OrtGraphs implements Graphs {
    private final OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "arclight");

    public OrtGraphs() {}

    @Override
    public String version() {
        return environment.getVersion();
    }

    @Override
    public Graph open(Path file) {
        // Many callers come at once, each with a thread of its own; a second kind of threads would only wait for cores.
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(file.toString(), options);
            try {
                return new OrtGraph(environment, session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
