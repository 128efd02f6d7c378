package dev.arclight.examples.wine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.serve.Latencies;
import dev.arclight.serve.ScoringClient;
import java.net.URI;
import java.util.List;
import org.apache.spark.sql.Row;

/** Sends rows that Spark has scored to the server, one a request, and compares. */
final class ServingCheck {
    private static final int FEATURES = WineData.FEATURES.size();
    private static final JsonMapper JSON = new JsonMapper();

    private final ScoringClient client;

    ServingCheck(URI server) {
        this.client = ScoringClient.of(server, WineData.FEATURES);
    }

    /**
     * What came of it.
     *
     * @param latencies of the requests, one row each
     * @param maxAbsDifference greatest distance of an answer to the batch's score
     */
    record Result(Latencies latencies, double maxAbsDifference) {}

    /**
     * Compares and times.
     *
     * @param rows the features, then the batch's score in the last column; at least one
     */
    Result compare(List<Row> rows) throws InterruptedException {
        long[] nanos = new long[rows.size()];
        double difference = 0;
        float[] features = new float[FEATURES];
        for (int i = 0; i < nanos.length; i++) {
            Row row = rows.get(i);
            for (int c = 0; c < FEATURES; c++) {
                features[c] = ((Number) row.get(c)).floatValue();
            }
            long start = System.nanoTime();
            float answer = client.score(features, 1)[0];
            nanos[i] = System.nanoTime() - start;
            difference = Math.max(difference, Math.abs((double) answer - row.getFloat(FEATURES)));
        }
        return new Result(Latencies.of(nanos), difference);
    }

    /** A request body for one row, {@code dataframe_split} as MLflow has it. */
    static String body(Row row) {
        ObjectNode split = JSON.createObjectNode();
        ArrayNode columns = split.putArray("columns");
        WineData.FEATURES.forEach(columns::add);
        ArrayNode values = split.putArray("data").addArray();
        for (int c = 0; c < FEATURES; c++) {
            values.add(((Number) row.get(c)).doubleValue());
        }
        return JSON.createObjectNode().set("dataframe_split", split).toString();
    }
}
