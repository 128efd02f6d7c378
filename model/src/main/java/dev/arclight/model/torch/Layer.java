package dev.arclight.model.torch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One step of a {@link Network}, as PyTorch's module of the same name computes it. Input widths follow from the layer
 * before.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear"),
    @JsonSubTypes.Type(value = Layer.Relu.class, name = "relu"),
    @JsonSubTypes.Type(value = Layer.Tanh.class, name = "tanh"),
    @JsonSubTypes.Type(value = Layer.Sigmoid.class, name = "sigmoid"),
    @JsonSubTypes.Type(value = Layer.Dropout.class, name = "dropout"),
    @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch-norm"),
    @JsonSubTypes.Type(value = Layer.Embedding.class, name = "embedding")
})
@JsonIgnoreProperties(ignoreUnknown = false)
public sealed interface Layer {
    /** {@code x W^T + b}. */
    static Layer linear(int outputs) {
        return new Linear(outputs);
    }

    /** {@code max(x, 0)}. */
    static Layer relu() {
        return new Relu();
    }

    /** The hyperbolic tangent. */
    static Layer tanh() {
        return new Tanh();
    }

    /** {@code 1 / (1 + exp(-x))}. */
    static Layer sigmoid() {
        return new Sigmoid();
    }

    /** Sets each value to 0 with this probability, in training only. */
    static Layer dropout(double rate) {
        return new Dropout(rate);
    }

    /** Batch normalisation with learned scale and shift; predictions use the running mean and variance. */
    static Layer batchNorm() {
        return new BatchNorm();
    }

    /**
     * Replaces a categorical feature by a learned vector. Stands before all other kinds of layers; what follows sees
     * the features that are not replaced, in their order, then the vectors in the order of the embeddings.
     */
    static Layer embedding(int feature, int categories, int size) {
        return new Embedding(feature, categories, size);
    }

    /**
     * See {@link #linear}.
     *
     * @param outputs width after it, at least 1
     */
    record Linear(int outputs) implements Layer {
        public Linear {
            if (outputs < 1) {
                throw new IllegalArgumentException("A linear layer with %d outputs".formatted(outputs));
            }
        }
    }

    /** See {@link #relu}. */
    record Relu() implements Layer {}

    /** See {@link #tanh}. */
    record Tanh() implements Layer {}

    /** See {@link #sigmoid}. */
    record Sigmoid() implements Layer {}

    /**
     * See {@link #dropout}.
     *
     * @param rate at least 0, below 1
     */
    record Dropout(double rate) implements Layer {
        public Dropout {
            if (!(rate >= 0 && rate < 1)) {
                throw new IllegalArgumentException(
                        "A dropout of %s: it is a share, at least 0 and below 1".formatted(rate));
            }
        }
    }

    /** See {@link #batchNorm}. */
    record BatchNorm() implements Layer {}

    /**
     * See {@link #embedding}.
     *
     * @param feature index among the row's features, whose values are whole numbers from 0 to {@code categories - 1}
     * @param categories at least 1
     * @param size length of the vector, at least 1
     */
    record Embedding(int feature, int categories, int size) implements Layer {
        public Embedding {
            if (feature < 0 || categories < 1 || size < 1) {
                throw new IllegalArgumentException("An embedding of feature %d with %d categories in %d numbers"
                        .formatted(feature, categories, size));
            }
        }
    }
}
