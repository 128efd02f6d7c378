package dev.arclight.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks worked out by hand; {@code TorchEstimatorIT} compares with PyTorch. */
final class NetworkTest {
    private static final Network NETWORK = Network.of(
            Layer.embedding(1, 3, 2),
            Layer.linear(4),
            Layer.batchNorm(),
            Layer.tanh(),
            Layer.dropout(0.5),
            Layer.linear(1));

    @Test
    void isReadBack() {
        assertThat(Network.fromJson(NETWORK.toJson())).isEqualTo(NETWORK);
        NetworkFile file = new NetworkFile(NETWORK, NETWORK.initial(3, 1), List.of("a", "b", "c"), Link.SIGMOID);
        assertThat(NetworkFile.of(
                        file.structure().getBytes(StandardCharsets.UTF_8),
                        file.weights().toBytes(),
                        "it"))
                .isEqualTo(file);
    }

    @Test
    void namesItsWeightsAsPyTorchDoes() {
        assertThat(NETWORK.shapes(3).keySet())
                .containsExactly(
                        "0.weight",
                        "1.weight",
                        "1.bias",
                        "2.weight",
                        "2.bias",
                        "2.running_mean",
                        "2.running_var",
                        "5.weight",
                        "5.bias");
        assertThat(NETWORK.shapes(3).get("1.weight")).containsExactly(4, 4); // two plain features and two numbers
    }

    @Test
    void predictsWhatItsLayersSay() {
        Network network = Network.of(Layer.embedding(0, 2, 1), Layer.linear(2), Layer.relu(), Layer.linear(1));
        Weights weights = new Weights(List.of(
                new Weights.Tensor("0.weight", new long[] {2, 1}, new float[] {10, 20}),
                new Weights.Tensor("1.weight", new long[] {2, 2}, new float[] {1, 1, -1, 0}),
                new Weights.Tensor("1.bias", new long[] {2}, new float[] {0, 0.5f}),
                new Weights.Tensor("3.weight", new long[] {1, 2}, new float[] {2, 100}),
                new Weights.Tensor("3.bias", new long[] {1}, new float[] {-1})));
        float[] predictions = new float[3];
        // x = (category, value); hidden: value + embedding, and 0.5 - value where that is positive.
        new NetworkFile(network, weights, List.of("category", "value"), Link.IDENTITY)
                .predictor()
                .predict(new float[] {1, 3, 0, 0.25f, 2, 1}, 3, predictions);
        assertThat(predictions[0]).isEqualTo(2 * 23f - 1);
        assertThat(predictions[1]).isEqualTo(2 * 10.25f + 100 * 0.25f - 1);
        assertThat(predictions[2]).isNaN(); // there is no third category
    }

    @Test
    void givesProbabilitiesByItsLink() {
        Weights weights = new Weights(List.of(
                new Weights.Tensor("0.weight", new long[] {2, 1}, new float[] {1, -1}),
                new Weights.Tensor("0.bias", new long[] {2}, new float[] {0, 0})));
        float[] predictions = new float[2];
        new NetworkFile(Network.of(Layer.linear(2)), weights, List.of("x"), Link.SOFTMAX)
                .predictor()
                .predict(new float[] {1}, 1, predictions);
        double likelier = Math.E / (Math.E + 1 / Math.E);
        assertThat(predictions[0]).isCloseTo((float) likelier, within(1e-6f));
        assertThat(predictions[1]).isCloseTo((float) (1 - likelier), within(1e-6f));
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> NETWORK.shapes(1))
                .hasMessage("The network embeds feature 1 of 1: features are counted from 0");
        assertThatThrownBy(() -> Network.of(Layer.linear(1), Layer.embedding(0, 2, 1)))
                .hasMessage("Embeddings stand before all other layers");
        assertThatThrownBy(() -> Network.of(Layer.linear(2))
                        .require(Network.of(Layer.linear(3)).initial(4, 1), 4, "w"))
                .hasMessage("w has the weight '0.weight' of shape [3, 4], but the layers need [2, 4]");
        assertThatThrownBy(() -> Network.fromJson("[{\"type\": \"lstm\"}]"))
                .hasMessageStartingWith("These are no layers of a network: ");
    }
}
