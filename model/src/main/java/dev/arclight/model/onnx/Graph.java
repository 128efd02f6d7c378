package dev.arclight.model.onnx;

import java.util.List;

/** A loaded graph. Public for the class loader that ONNX Runtime is loaded by. Safe for use by many threads. */
public interface Graph extends AutoCloseable {
    /**
     * An input or output of the graph as it declares it.
     *
     * @param dtype of its elements, as ONNX Runtime calls it: {@code FLOAT}, {@code INT64}, {@code STRING}, ...; for a
     *     sequence of maps {@code MAP}, for what else there is {@code OTHER}
     * @param shape with -1 for lengths that are not fixed; empty if there is none
     */
    record Port(String name, String dtype, List<Long> shape) {
        public Port {
            shape = List.copyOf(shape);
        }
    }

    /**
     * Values as float32, row-major.
     *
     * @param shape of all values, the rows first
     * @param keys of a row's values where they are a map, sorted; else empty
     */
    @SuppressWarnings("ArrayRecordComponent") // not copied: too large
    record Values(float[] values, List<Long> shape, List<String> keys) {}

    /** In the graph's order. */
    List<Port> inputs();

    /** In the graph's order. */
    List<Port> outputs();

    /**
     * Runs the graph.
     *
     * @param inputs one array for each input, row-major; not kept
     * @param shapes one for each input
     * @return one for each output
     * @throws IllegalArgumentException if the graph refuses them or gives whole numbers that no float32 holds
     */
    List<Values> run(List<float[]> inputs, List<long[]> shapes);

    @Override
    void close();
}
