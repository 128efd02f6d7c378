package dev.arclight.torch.worker;

import dev.arclight.torch.Optimiser;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** An {@link Optimiser} on tensors. */
final class Steps {
    private final Optimizer optimizer;

    Steps(Optimiser how, List<Tensor> parameters) {
        TensorVector all = new TensorVector(parameters.toArray(Tensor[]::new));
        if (how instanceof Optimiser.Sgd sgd) {
            SGDOptions options = new SGDOptions(sgd.learningRate());
            options.momentum().put(sgd.momentum());
            options.weight_decay().put(sgd.weightDecay());
            optimizer = new SGD(all, options);
        } else if (how instanceof Optimiser.Adam adam) {
            AdamOptions options = new AdamOptions(adam.learningRate());
            betas(options.betas(), adam.beta1(), adam.beta2());
            options.eps().put(adam.epsilon());
            options.weight_decay().put(adam.weightDecay());
            optimizer = new Adam(all, options);
        } else {
            Optimiser.AdamW adam = (Optimiser.AdamW) how;
            AdamWOptions options = new AdamWOptions(adam.learningRate());
            betas(options.betas(), adam.beta1(), adam.beta2());
            options.eps().put(adam.epsilon());
            options.weight_decay().put(adam.weightDecay());
            optimizer = new AdamW(all, options);
        }
    }

    /** C++ libraries lay out a tuple from the front or from the back: PyTorch's defaults, 0.9 and 0.999, tell which. */
    private static void betas(DoublePointer pair, double first, double second) {
        boolean fromTheBack = pair.get(0) > pair.get(1);
        pair.put(fromTheBack ? 1 : 0, first).put(fromTheBack ? 0 : 1, second);
    }

    void rate(double learningRate) {
        optimizer.param_groups().get(0).options().set_lr(learningRate);
    }

    void step() {
        optimizer.step();
    }

    /** Writes what it remembers of earlier steps. */
    void save(Path file) {
        OutputArchive archive = new OutputArchive();
        optimizer.save(archive);
        archive.save_to(file.toString());
    }

    void load(Path file) {
        InputArchive archive = new InputArchive();
        archive.load_from(file.toString());
        optimizer.load(archive);
    }
}
