package dev.arclight.torch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.arclight.model.torch.Link;
import java.util.List;

/** What training makes small. Each is PyTorch's loss of that name, as a mean over rows. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Loss.SquaredError.class, name = "squared-error"),
    @JsonSubTypes.Type(value = Loss.AbsoluteError.class, name = "absolute-error"),
    @JsonSubTypes.Type(value = Loss.Huber.class, name = "huber"),
    @JsonSubTypes.Type(value = Loss.Logistic.class, name = "logistic"),
    @JsonSubTypes.Type(value = Loss.CrossEntropy.class, name = "cross-entropy")
})
public sealed interface Loss {
    /** {@code MSELoss}, one output. */
    static Loss squaredError() {
        return new SquaredError();
    }

    /** {@code L1Loss}, one output. */
    static Loss absoluteError() {
        return new AbsoluteError();
    }

    /** {@code HuberLoss}, one output. */
    static Loss huber(double delta) {
        return new Huber(delta);
    }

    /** {@code BCEWithLogitsLoss}, one output, labels 0 and 1. */
    static Loss logistic() {
        return new Logistic(1);
    }

    /** {@code BCEWithLogitsLoss} with {@code pos_weight}. */
    static Loss logistic(double positiveWeight) {
        return new Logistic(positiveWeight);
    }

    /** {@code CrossEntropyLoss}: as many outputs as classes, labels 0, 1, 2, and so on. */
    static Loss crossEntropy() {
        return new CrossEntropy(List.of());
    }

    /** {@code CrossEntropyLoss} with a weight for each class. */
    static Loss crossEntropy(List<Double> classWeights) {
        return new CrossEntropy(classWeights);
    }

    /** What makes predictions of the outputs that this loss takes. */
    default Link link() {
        if (this instanceof Logistic) {
            return Link.SIGMOID;
        }
        return this instanceof CrossEntropy ? Link.SOFTMAX : Link.IDENTITY;
    }

    /** See {@link #squaredError}. */
    record SquaredError() implements Loss {}

    /** See {@link #absoluteError}. */
    record AbsoluteError() implements Loss {}

    /**
     * See {@link #huber}.
     *
     * @param delta where it turns from squares to absolute values, above 0
     */
    record Huber(double delta) implements Loss {
        public Huber {
            requirePositive(delta);
        }
    }

    /**
     * See {@link #logistic(double)}.
     *
     * @param positiveWeight how much a row with label 1 counts, above 0
     */
    record Logistic(double positiveWeight) implements Loss {
        public Logistic {
            requirePositive(positiveWeight);
        }
    }

    /**
     * See {@link #crossEntropy(List)}.
     *
     * @param classWeights one for each class, above 0; empty: all count the same
     */
    record CrossEntropy(List<Double> classWeights) implements Loss {
        public CrossEntropy {
            classWeights = List.copyOf(classWeights);
            classWeights.forEach(Loss::requirePositive);
        }
    }

    private static void requirePositive(double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("A loss with the factor %s: it must be above 0".formatted(value));
        }
    }
}
