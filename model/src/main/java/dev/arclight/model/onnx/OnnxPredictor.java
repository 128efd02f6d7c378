package dev.arclight.model.onnx;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Output;
import dev.arclight.model.Predictor;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/** Runs a graph on blocks of rows; all its outputs side by side are a row's prediction. */
final class OnnxPredictor implements Predictor {
    /** Bounds the memory that a large batch takes outside of the heap. */
    private static final int BLOCK = 4096;

    private final Graph graph;
    private final List<OnnxModel.Feed> feeds;
    private final int features;
    private final List<Output> outputs;
    private final int width;
    private final int block;

    OnnxPredictor(Graph graph, List<OnnxModel.Feed> feeds, int features, List<Output> outputs) {
        this.graph = graph;
        this.feeds = List.copyOf(feeds);
        this.features = features;
        this.outputs = List.copyOf(outputs);
        this.width = outputs.stream().mapToInt(Output::width).sum();
        boolean single = feeds.stream().anyMatch(feed -> feed.port().shape().get(0) == 1);
        this.block = single ? 1 : BLOCK;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public int outputs() {
        return width;
    }

    @Override
    public int marginOutputs() {
        return width;
    }

    /** @throws ArclightException BAD_INPUT if the graph refuses the rows, such as missing values of whole numbers */
    @Override
    public void predict(float[] rows, int rowCount, float[] into) {
        if (rowCount < 0 || (long) rowCount * features > rows.length || (long) rowCount * width > into.length) {
            throw new IllegalArgumentException(
                    "Arrays too short: %d rows of %d features in %d floats, %d outputs each into %d floats"
                            .formatted(rowCount, features, rows.length, width, into.length));
        }
        try {
            for (int first = 0; first < rowCount; first += block) {
                predict(rows, first, Math.min(block, rowCount - first), into);
            }
        } finally {
            Reference.reachabilityFence(this); // the graph is closed when this is no longer used
        }
    }

    @Override
    public void margins(float[] rows, int rowCount, float[] into) {
        predict(rows, rowCount, into);
    }

    private void predict(float[] rows, int first, int count, float[] into) {
        List<float[]> inputs = new ArrayList<>();
        List<long[]> shapes = new ArrayList<>();
        for (OnnxModel.Feed feed : feeds) {
            int[] places = feed.features();
            float[] values = new float[count * places.length];
            for (int row = 0, at = 0; row < count; row++) {
                int start = (first + row) * features;
                for (int place : places) {
                    values[at++] = rows[start + place];
                }
            }
            inputs.add(values);
            shapes.add(feed.dimensions(count));
        }
        List<Graph.Values> answers;
        try {
            answers = graph.run(inputs, shapes);
        } catch (IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
        int place = 0;
        for (int i = 0; i < outputs.size(); i++) {
            int wide = outputs.get(i).width();
            float[] values = answers.get(i).values();
            if (values.length != count * wide
                    || !answers.get(i).keys().equals(outputs.get(i).keys())) {
                throw new ArclightException(
                        ErrorCode.INTERNAL,
                        "The model's output '%s' has %d values for %d rows, where one row had %d"
                                .formatted(outputs.get(i).name(), values.length, count, wide));
            }
            for (int row = 0; row < count; row++) {
                System.arraycopy(values, row * wide, into, (first + row) * width + place, wide);
            }
            place += wide;
        }
    }

    @Override
    public String toString() {
        return "OnnxPredictor[%d features, outputs %s]".formatted(features, outputs);
    }
}
