package dev.arclight.serve;

/** Is told of each request to a model what was answered. Must not wait. */
interface Watcher extends AutoCloseable {
    /**
     * Takes one answered request.
     *
     * @param model the version that answered
     * @param rows not changed by anyone from here on, nor are the predictions
     * @param predictions float32, shape (rows, outputs), row-major
     */
    void answered(ServedModel model, Rows rows, float[] predictions);

    /** Ends what it does beside. */
    @Override
    default void close() {}
}
