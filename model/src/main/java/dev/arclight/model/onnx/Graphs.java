package dev.arclight.model.onnx;

import java.nio.file.Path;

/** What runs graphs. Public for the class loader that ONNX Runtime is loaded by. Safe for use by many threads. */
public interface Graphs {
    /** Of ONNX Runtime, such as {@code 1.29.0}. */
    String version();

    /**
     * Loads a graph, with the files that hold its weights where it has such beside it; they are not needed afterwards.
     *
     * @return owned by the caller
     * @throws IllegalArgumentException if it cannot be run; the message is the runtime's
     */
    Graph open(Path file);
}
