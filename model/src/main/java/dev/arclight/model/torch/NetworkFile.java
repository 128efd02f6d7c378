package dev.arclight.model.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A trained network: its layers, their weights and what its inputs are called. Immutable.
 *
 * @param network layers
 * @param weights of just these layers
 * @param featureNames columns in the order of the features
 * @param link turns outputs into predictions
 */
public record NetworkFile(Network network, Weights weights, List<String> featureNames, Link link) {
    private static final JsonMapper JSON = new JsonMapper();

    public NetworkFile {
        featureNames = List.copyOf(featureNames);
        network.require(weights, featureNames.size(), "The network");
    }

    /** How many features a row has. */
    public int features() {
        return featureNames.size();
    }

    /** How many numbers a prediction has. */
    public int outputs() {
        return network.widths(features())[network.layers().size()];
    }

    /** Predicts in plain Java. */
    public Predictor predictor() {
        return new NetworkPredictor(this);
    }

    /** All but the weights, as JSON: {@code layers}, {@code features}, {@code link}. */
    public String structure() {
        try {
            ObjectNode root = JSON.createObjectNode();
            root.set("layers", JSON.readTree(network.toJson()));
            featureNames.forEach(root.putArray("features")::add);
            root.put("link", link.text());
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (IOException e) {
            throw new IllegalStateException("Layers are always JSON", e);
        }
    }

    /**
     * Joins {@link #structure} and {@link Weights#toBytes}.
     *
     * @param what names the model in messages
     * @throws ArclightException BAD_INPUT if one of both is damaged, or they belong to different networks
     */
    public static NetworkFile of(byte[] structure, byte[] weights, String what) {
        try {
            JsonNode root = JSON.readTree(new String(structure, StandardCharsets.UTF_8));
            List<String> names = new ArrayList<>();
            root.path("features").forEach(name -> names.add(name.asText()));
            Network network = Network.fromJson(root.path("layers").toString());
            Weights read = Weights.read(weights, "The weights of " + what);
            network.require(read, names.size(), "The file of weights of " + what);
            Link link = Link.valueOf(root.path("link").asText().toUpperCase(Locale.ROOT));
            return new NetworkFile(network, read, names, link);
        } catch (IOException | IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "%s describes no network: %s".formatted(what, e.getMessage()), e);
        }
    }
}
