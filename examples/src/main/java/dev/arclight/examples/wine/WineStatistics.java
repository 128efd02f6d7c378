package dev.arclight.examples.wine;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What the real wines of one colour are like: enough to make others of their kind, not to recover one of them.
 *
 * @param rows how many there are
 * @param duplicateShare share of the rows that repeat an earlier one
 * @param levels of the quantiles, ascending from 0 to 1
 * @param decimals of each feature, digits after the point
 * @param kinds the good ones and the others
 */
record WineStatistics(
        int rows, double duplicateShare, List<Double> levels, Map<String, Integer> decimals, List<Kind> kinds) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Wines on one side of the label's boundary.
     *
     * @param quality how many wines have each, ascending
     * @param quantiles of each feature, its value at each level
     * @param correlations of the normal scores of the features in order and, last, the quality
     */
    record Kind(Map<Integer, Integer> quality, Map<String, List<Double>> quantiles, List<List<Double>> correlations) {
        int rows() {
            return quality.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Reads those of {@code red} or {@code white}. */
    static WineStatistics of(String colour) {
        try (InputStream in = WineStatistics.class.getResourceAsStream("wine-statistics.json")) {
            JsonNode all = JSON.readTree(in);
            JsonNode node = all.get(colour);
            return new WineStatistics(
                    node.get("rows").asInt(),
                    node.get("duplicate_share").asDouble(),
                    JSON.convertValue(all.get("levels"), new TypeReference<>() {}),
                    JSON.convertValue(all.get("decimals"), new TypeReference<>() {}),
                    JSON.convertValue(node.get("kinds"), new TypeReference<List<Kind>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read wine-statistics.json", e);
        }
    }
}
