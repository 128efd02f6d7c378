package dev.arclight.torch.worker;

import dev.arclight.base.ArclightException;
import dev.arclight.torch.Loss;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A {@link Loss} on tensors. */
final class LossFunction {
    private static final long SUM = 2; // at::Reduction
    private final Loss loss;
    private final TensorOptional weights;

    LossFunction(Loss loss) {
        this.loss = loss;
        if (loss instanceof Loss.CrossEntropy classes && !classes.classWeights().isEmpty()) {
            float[] values = new float[classes.classWeights().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = classes.classWeights().get(i).floatValue();
            }
            weights = new TensorOptional(Tensor.create(values));
        } else if (loss instanceof Loss.Logistic logistic && logistic.positiveWeight() != 1) {
            weights = new TensorOptional(Tensor.create((float) logistic.positiveWeight()));
        } else {
            weights = new TensorOptional();
        }
    }

    /**
     * The sum of the rows' losses, a scalar.
     *
     * @param outputs shape (rows, outputs) or (rows)
     * @param labels float32, shape (rows)
     */
    Tensor sum(Tensor outputs, Tensor labels) {
        if (loss instanceof Loss.CrossEntropy classes) {
            long width = outputs.dim() == 2 ? outputs.size(1) : 1;
            if (width < 2
                    || (!classes.classWeights().isEmpty()
                            && classes.classWeights().size() != width)) {
                throw ArclightException.badInput(
                        "The network gives %d numbers a row, but cross-entropy takes one for each of %s classes"
                                .formatted(
                                        width,
                                        classes.classWeights().isEmpty()
                                                ? "two or more"
                                                : classes.classWeights().size()));
            }
            return torch.cross_entropy_loss(outputs, labels.to(torch.ScalarType.Long), weights, SUM, -100, 0);
        }
        Tensor flat = single(outputs, labels);
        if (loss instanceof Loss.AbsoluteError) {
            return torch.l1_loss(flat, labels, SUM);
        } else if (loss instanceof Loss.Huber huber) {
            return torch.huber_loss(flat, labels, SUM, huber.delta());
        } else if (loss instanceof Loss.Logistic) {
            return torch.binary_cross_entropy_with_logits(flat, labels, new TensorOptional(), weights, SUM);
        }
        return torch.mse_loss(flat, labels, SUM);
    }

    /** What the sum is divided by for the mean: how many rows, or the weights of their classes. */
    double weight(Tensor labels) {
        if (loss instanceof Loss.CrossEntropy && weights.has_value()) {
            return weights.get()
                    .index_select(0, labels.to(torch.ScalarType.Long))
                    .sum()
                    .item()
                    .toDouble();
        }
        return labels.numel();
    }

    /** Names of what {@link #errors} sums up. */
    String[] metrics() {
        return loss.link() == dev.arclight.model.torch.Link.IDENTITY
                ? new String[] {"mae", "rmse"}
                : new String[] {"accuracy"};
    }

    /** Sums over the rows: absolute and squared errors, or how many classes are right. */
    double[] errors(Tensor outputs, Tensor labels) {
        if (loss instanceof Loss.CrossEntropy) {
            return new double[] {
                outputs.argmax(new org.bytedeco.pytorch.LongOptional(1), false)
                        .eq(labels.to(torch.ScalarType.Long))
                        .sum()
                        .item()
                        .toDouble()
            };
        }
        Tensor flat = single(outputs, labels);
        if (loss instanceof Loss.Logistic) {
            return new double[] {
                flat.gt(new Scalar(0.0))
                        .eq(labels.gt(new Scalar(0.5)))
                        .sum()
                        .item()
                        .toDouble()
            };
        }
        Tensor errors = flat.sub(labels).to(torch.ScalarType.Double);
        return new double[] {
            errors.abs().sum().item().toDouble(),
            errors.mul(errors).sum().item().toDouble()
        };
    }

    private static Tensor single(Tensor outputs, Tensor labels) {
        if (outputs.numel() != labels.numel()) {
            throw ArclightException.badInput(
                    "The network gives %d numbers for %d rows, but this loss takes one a row: end it with linear(1)"
                            .formatted(outputs.numel(), labels.numel()));
        }
        return outputs.view(labels.numel());
    }
}
