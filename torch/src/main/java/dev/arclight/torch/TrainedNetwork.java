package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.model.torch.Layer;
import dev.arclight.model.torch.Network;
import dev.arclight.model.torch.NetworkFile;
import dev.arclight.model.torch.Weights;
import java.util.List;

/**
 * What a training gave. Immutable by agreement: nobody writes to its arrays.
 *
 * @param layers of the network; empty if it came as a TorchScript file
 * @param features columns in the order of the network's features
 * @param module a TorchScript file that gives predictions: Python's {@code torch.jit.load} opens it
 * @param weights a safetensors file of the network as it was given, without what turns outputs into predictions
 * @param history all epochs, also those after the best
 * @param bestEpoch whose weights these are
 * @param workers process ids of the workers
 * @param restarts how often all workers had to start again because one was lost
 */
@SuppressWarnings("ArrayRecordComponent") // not copied: too large
record TrainedNetwork(
        List<Layer> layers,
        List<String> features,
        Loss loss,
        byte[] module,
        byte[] weights,
        List<Epoch> history,
        int bestEpoch,
        List<Long> workers,
        int restarts) {
    TrainedNetwork {
        layers = List.copyOf(layers);
        features = List.copyOf(features);
        history = List.copyOf(history);
        workers = List.copyOf(workers);
    }

    /** What predicts in plain Java. */
    NetworkFile file() {
        if (layers.isEmpty()) {
            throw ArclightException.badInput(
                    "The network came as a TorchScript file, which this program trains but does not run outside of training: predict with the file of torchScript() in Python, or train it from layers");
        }
        return new NetworkFile(
                new Network(layers), Weights.read(weights, "The trained network"), features, loss.link());
    }
}
