package dev.arclight.examples.wine;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the real wines of one colour are like: enough to make others of their kind, not to recover one of them.
 *
 * @param rows how many there are
 * @param duplicateShare share of the rows that repeat an earlier one
 * @param levels ascending from 0 to 1
 * @param quantiles of each feature, its value at each level
 * @param decimals of each feature, digits after the point
 * @param quality how many wines have each, ascending
 * @param correlations of the normal scores of the features in order and, last, the quality
 */
record WineStatistics(
        int rows,
        double duplicateShare,
        List<Double> levels,
        Map<String, List<Double>> quantiles,
        Map<String, Integer> decimals,
        Map<Integer, Integer> quality,
        List<List<Double>> correlations) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Reads those of {@code red} or {@code white}. */
    static WineStatistics of(String colour) {
        try (InputStream in = WineStatistics.class.getResourceAsStream("wine-statistics.json")) {
            JsonNode node = JSON.readTree(in).get(colour);
            Map<Integer, Integer> quality = new LinkedHashMap<>();
            node.get("quality").properties().forEach(e -> quality.put(Integer.valueOf(e.getKey()), e.getValue().asInt()));
            List<List<Double>> correlations = new ArrayList<>();
            node.get("correlations").forEach(row -> correlations.add(JSON.convertValue(row, new TypeReference<>() {})));
            return new WineStatistics(
                    node.get("rows").asInt(),
                    node.get("duplicate_share").asDouble(),
                    JSON.convertValue(node.get("levels"), new TypeReference<>() {}),
                    JSON.convertValue(node.get("quantiles"), new TypeReference<LinkedHashMap<String, List<Double>>>() {}),
                    JSON.convertValue(node.get("decimals"), new TypeReference<>() {}),
                    quality,
                    correlations);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read wine-statistics.json", e);
        }
    }
}
