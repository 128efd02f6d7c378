package dev.arclight.torch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How weights follow their gradients: PyTorch's own implementations, with its defaults. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Optimiser.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = Optimiser.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = Optimiser.AdamW.class, name = "adamw")
})
public sealed interface Optimiser {
    /** Stochastic gradient descent. */
    static Optimiser sgd(double learningRate, double momentum) {
        return new Sgd(learningRate, momentum, 0);
    }

    /** Adam without weight decay. */
    static Optimiser adam(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-8, 0);
    }

    /** Adam with decoupled weight decay; PyTorch's default decay is 0.01. */
    static Optimiser adamW(double learningRate, double weightDecay) {
        return new AdamW(learningRate, 0.9, 0.999, 1e-8, weightDecay);
    }

    /** Before any schedule, above 0. */
    double learningRate();

    /** See {@link #sgd}. */
    record Sgd(double learningRate, double momentum, double weightDecay) implements Optimiser {
        public Sgd {
            requireRate(learningRate);
        }
    }

    /** See {@link #adam}. */
    record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements Optimiser {
        public Adam {
            requireRate(learningRate);
        }
    }

    /** See {@link #adamW}. */
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements Optimiser {
        public AdamW {
            requireRate(learningRate);
        }
    }

    private static void requireRate(double learningRate) {
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("A learning rate of %s: it must be above 0".formatted(learningRate));
        }
    }
}
