package dev.arclight.torch.worker;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * All gradients in one block of memory, with the sum of the losses and of the rows' weights behind them: one all-reduce
 * adds up everything that a step needs, and the division by the whole batch comes after it. So a step of many workers
 * is a step of one on all their rows, also where the last rows do not divide evenly.
 */
final class Gradients {
    private final Tensor block;
    private final Tensor gradients;
    private final FloatPointer memory;
    private final long size;

    Gradients(List<Tensor> parameters) {
        size = parameters.stream().mapToLong(Tensor::numel).sum();
        block = torch.zeros(size + 2);
        memory = new FloatPointer(block.data_ptr()).capacity(size + 2);
        gradients = block.narrow(0, 0, size);
        long at = 0;
        for (Tensor parameter : parameters) {
            // Autograd adds into a gradient that is there already.
            Tensor view = block.narrow(0, at, parameter.numel())
                    .view(parameter.sizes().vec().get());
            parameter.mutable_grad().put(view);
            at += parameter.numel();
        }
    }

    void zero() {
        block.zero_();
    }

    /** What this worker's rows gave: the sum of the losses and of the rows' weights. */
    void add(double loss, double weight) {
        memory.put(size, (float) loss);
        memory.put(size + 1, (float) weight);
    }

    /** For the all-reduce. */
    Tensor block() {
        return block;
    }

    long bytes() {
        return 4 * (size + 2);
    }

    double loss() {
        return memory.get(size);
    }

    double weight() {
        return memory.get(size + 1);
    }

    /** Makes means of sums. */
    void divide() {
        gradients.div_(new Scalar(weight()));
    }
}
