package dev.arclight.model.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Layers one after the other. Names of weights are those of PyTorch's {@code nn.Sequential} over the same layers:
 * {@code 0.weight}, {@code 0.bias}, {@code 2.weight}, and so on.
 *
 * @param layers at least one; embeddings first
 */
public record Network(List<Layer> layers) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<Layer>> LAYERS = new TypeReference<>() {};

    public Network {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("A network without layers");
        }
        boolean others = false;
        for (Layer layer : layers) {
            if (layer instanceof Layer.Embedding && others) {
                throw new IllegalArgumentException("Embeddings stand before all other layers");
            }
            others |= !(layer instanceof Layer.Embedding);
        }
    }

    /** Layers in their order. */
    public static Network of(Layer... layers) {
        return new Network(List.of(layers));
    }

    /** Reads what {@link #toJson} wrote. */
    public static Network fromJson(String json) {
        try {
            return new Network(JSON.readValue(json, LAYERS));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ArclightException(ErrorCode.BAD_INPUT, "These are no layers of a network: " + e.getMessage(), e);
        }
    }

    /** A JSON array of layers. */
    public String toJson() {
        try {
            return JSON.writerFor(LAYERS).writeValueAsString(layers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Layers are always JSON", e);
        }
    }

    /** The embeddings at the front. */
    public List<Layer.Embedding> embeddings() {
        return layers.stream()
                .filter(Layer.Embedding.class::isInstance)
                .map(Layer.Embedding.class::cast)
                .toList();
    }

    /** Indices of the features that no embedding replaces, ascending. */
    public List<Integer> plainFeatures(int features) {
        List<Integer> replaced =
                embeddings().stream().map(Layer.Embedding::feature).toList();
        return IntStream.range(0, features)
                .filter(f -> !replaced.contains(f))
                .boxed()
                .toList();
    }

    /**
     * Width of the input of each layer, then that of the network's output; shape (layers + 1). For an embedding it is
     * the number of features.
     *
     * @throws ArclightException BAD_INPUT if an embedding names a feature that is not there, or one twice
     */
    public int[] widths(int features) {
        List<Layer.Embedding> embeddings = embeddings();
        for (Layer.Embedding embedding : embeddings) {
            boolean twice = embeddings.stream()
                            .filter(e -> e.feature() == embedding.feature())
                            .count()
                    > 1;
            if (embedding.feature() >= features || twice) {
                throw ArclightException.badInput("The network embeds feature %d %s"
                        .formatted(
                                embedding.feature(),
                                twice
                                        ? "twice: once is enough"
                                        : "of %d: features are counted from 0".formatted(features)));
            }
        }
        int[] widths = new int[layers.size() + 1];
        int width = features
                - embeddings.size()
                + embeddings.stream().mapToInt(Layer.Embedding::size).sum();
        for (int i = 0; i < layers.size(); i++) {
            widths[i] = layers.get(i) instanceof Layer.Embedding ? features : width;
            if (layers.get(i) instanceof Layer.Linear linear) {
                width = linear.outputs();
            }
        }
        widths[layers.size()] = width;
        return widths;
    }

    /** Shapes of all weights by name, in PyTorch's order; running means and variances of batch norms among them. */
    public Map<String, long[]> shapes(int features) {
        int[] widths = widths(features);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (layer instanceof Layer.Linear linear) {
                shapes.put(i + ".weight", new long[] {linear.outputs(), widths[i]});
                shapes.put(i + ".bias", new long[] {linear.outputs()});
            } else if (layer instanceof Layer.Embedding embedding) {
                shapes.put(i + ".weight", new long[] {embedding.categories(), embedding.size()});
            } else if (layer instanceof Layer.BatchNorm) {
                for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
                    shapes.put(i + "." + name, new long[] {widths[i]});
                }
            }
        }
        return shapes;
    }

    /**
     * Weights to start from, distributed as PyTorch starts: linear layers uniform within one over the root of their
     * input width, embeddings standard normal. The same seed gives the same weights, on every machine.
     */
    public Weights initial(int features, long seed) {
        Random random = new Random(seed);
        int[] widths = widths(features);
        List<Weights.Tensor> tensors = new ArrayList<>();
        shapes(features).forEach((name, shape) -> {
            int layer = Integer.parseInt(name.substring(0, name.indexOf('.')));
            float[] values = new float[Math.toIntExact(Weights.Tensor.size(shape))];
            if (layers.get(layer) instanceof Layer.Linear) {
                float bound = (float) (1 / Math.sqrt(widths[layer]));
                for (int i = 0; i < values.length; i++) {
                    values[i] = (2 * random.nextFloat() - 1) * bound;
                }
            } else if (layers.get(layer) instanceof Layer.Embedding) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
            } else if (name.endsWith(".weight") || name.endsWith(".running_var")) {
                java.util.Arrays.fill(values, 1f);
            }
            tensors.add(new Weights.Tensor(name, shape, values));
        });
        return new Weights(tensors);
    }

    /**
     * Refuses weights of another network.
     *
     * @throws ArclightException BAD_INPUT naming the first weight that is missing, left over or of another shape
     */
    public void require(Weights weights, int features, String what) {
        Map<String, long[]> expected = shapes(features);
        for (Map.Entry<String, long[]> one : expected.entrySet()) {
            Weights.Tensor found = weights.find(one.getKey())
                    .orElseThrow(() -> ArclightException.badInput(
                            "%s lacks the weight '%s'; it has %s".formatted(what, one.getKey(), weights.names())));
            if (!java.util.Arrays.equals(found.shape(), one.getValue())) {
                throw ArclightException.badInput("%s has the weight '%s' of shape %s, but the layers need %s"
                        .formatted(
                                what,
                                one.getKey(),
                                java.util.Arrays.toString(found.shape()),
                                java.util.Arrays.toString(one.getValue())));
            }
        }
        weights.names().stream()
                .filter(name -> !expected.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw ArclightException.badInput("%s has the weight '%s', which the layers do not: they have %s"
                            .formatted(what, name, expected.keySet()));
                });
    }
}
