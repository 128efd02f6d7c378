package dev.arclight.model.torch;

import dev.arclight.model.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes a network's layers in float32, as PyTorch does in evaluation mode; sums are taken in another order, so
 * results agree with PyTorch's within some 1e-6 of their size. A category outside an embedding's range, or NaN, gives
 * NaN.
 */
final class NetworkPredictor implements Predictor {
    /** In place or from one buffer to the other; returns the buffer that holds the result. */
    private interface Step {
        float[] of(float[] in, float[] spare);
    }

    private static final double EPSILON = 1e-5; // of batch norm, PyTorch's default

    private final int features;
    private final int outputs;
    private final int widest;
    private final List<Layer.Embedding> embeddings;
    private final List<float[]> tables = new ArrayList<>();
    private final int[] plain;
    private final List<Step> steps = new ArrayList<>();
    private final Link link;

    NetworkPredictor(NetworkFile file) {
        features = file.features();
        outputs = file.outputs();
        link = file.link();
        Network network = file.network();
        embeddings = network.embeddings();
        plain = network.plainFeatures(features).stream().mapToInt(i -> i).toArray();
        int[] widths = network.widths(features);
        widest = Math.max(features, Arrays.stream(widths).max().orElse(features));
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            int width = widths[i];
            if (layer instanceof Layer.Embedding) {
                tables.add(file.weights().values(i + ".weight"));
            } else if (layer instanceof Layer.Linear linear) {
                steps.add(linear(file.weights(), i, width, linear.outputs()));
            } else if (layer instanceof Layer.BatchNorm) {
                steps.add(batchNorm(file.weights(), i, width));
            } else if (layer instanceof Layer.Relu) {
                steps.add(each(width, x -> Math.max(x, 0f)));
            } else if (layer instanceof Layer.Tanh) {
                steps.add(each(width, x -> (float) Math.tanh(x)));
            } else if (layer instanceof Layer.Sigmoid) {
                steps.add(each(width, x -> (float) (1 / (1 + Math.exp(-x)))));
            } // dropout does nothing in predictions
        }
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int marginOutputs() {
        return outputs;
    }

    @Override
    public void predict(float[] rows, int rowCount, float[] into) {
        margins(rows, rowCount, into);
        for (int row = 0; row < rowCount; row++) {
            link.apply(into, row * outputs, outputs);
        }
    }

    @Override
    public void margins(float[] rows, int rowCount, float[] into) {
        if (rows.length < (long) rowCount * features || into.length < (long) rowCount * outputs) {
            throw new IllegalArgumentException("%d rows of %d features in %d floats, results of %d in %d"
                    .formatted(rowCount, features, rows.length, outputs, into.length));
        }
        float[] first = new float[widest];
        float[] second = new float[widest];
        for (int row = 0; row < rowCount; row++) {
            first(rows, row * features, first);
            float[] current = first;
            for (Step step : steps) {
                current = step.of(current, current == first ? second : first);
            }
            System.arraycopy(current, 0, into, row * outputs, outputs);
        }
    }

    private void first(float[] rows, int from, float[] into) {
        int at = 0;
        for (int feature : plain) {
            into[at++] = rows[from + feature];
        }
        for (int e = 0; e < tables.size(); e++) {
            Layer.Embedding embedding = embeddings.get(e);
            float value = rows[from + embedding.feature()];
            int category = (int) value; // towards zero, as PyTorch's long()
            if (value > -1 && value < embedding.categories()) {
                System.arraycopy(tables.get(e), category * embedding.size(), into, at, embedding.size());
            } else {
                Arrays.fill(into, at, at + embedding.size(), Float.NaN);
            }
            at += embedding.size();
        }
    }

    private static Step linear(Weights weights, int layer, int inputs, int outputs) {
        float[] weight = weights.values(layer + ".weight"); // (outputs, inputs)
        float[] bias = weights.values(layer + ".bias");
        float[] byInput = new float[weight.length]; // (inputs, outputs): the inner loop then runs in vectors
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                byInput[i * outputs + o] = weight[o * inputs + i];
            }
        }
        return (in, out) -> {
            System.arraycopy(bias, 0, out, 0, outputs);
            for (int i = 0; i < inputs; i++) {
                float x = in[i];
                int at = i * outputs;
                for (int o = 0; o < outputs; o++) {
                    out[o] += x * byInput[at + o];
                }
            }
            return out;
        };
    }

    private static Step batchNorm(Weights weights, int layer, int width) {
        float[] weight = weights.values(layer + ".weight");
        float[] bias = weights.values(layer + ".bias");
        float[] mean = weights.values(layer + ".running_mean");
        float[] variance = weights.values(layer + ".running_var");
        float[] scale = new float[width];
        for (int i = 0; i < width; i++) {
            scale[i] = (float) (weight[i] / Math.sqrt(variance[i] + EPSILON));
        }
        return (in, spare) -> {
            for (int i = 0; i < width; i++) {
                in[i] = (in[i] - mean[i]) * scale[i] + bias[i];
            }
            return in;
        };
    }

    private interface FloatFunction {
        float of(float x);
    }

    private static Step each(int width, FloatFunction function) {
        return (in, spare) -> {
            for (int i = 0; i < width; i++) {
                in[i] = function.of(in[i]);
            }
            return in;
        };
    }
}
