package dev.arclight.examples.wine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;

/** Sends rows that Spark has scored to the server, one a request, and compares. */
final class ServingCheck {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI invocations;

    ServingCheck(URI server) {
        this.invocations = server.resolve("/invocations");
    }

    /**
     * What came of it.
     *
     * @param requests how many, one row each
     * @param p50Millis median of the time from sending to having the answer
     * @param p99Millis 99th percentile of it
     * @param maxAbsDifference greatest distance of an answer to the batch's score
     */
    record Result(int requests, double p50Millis, double p99Millis, double maxAbsDifference) {}

    /**
     * Compares and times.
     *
     * @param rows the features, then the batch's score in the last column
     */
    Result compare(List<String> features, List<Row> rows) throws IOException, InterruptedException {
        double[] millis = new double[rows.size()];
        double difference = 0;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            String body = body(features, row);
            long start = System.nanoTime();
            float answer = score(body);
            millis[i] = (System.nanoTime() - start) / 1e6;
            difference = Math.max(difference, Math.abs((double) answer - row.getFloat(features.size())));
        }
        Arrays.sort(millis);
        return new Result(rows.size(), quantile(millis, 0.5), quantile(millis, 0.99), difference);
    }

    /** A request body for one row, {@code dataframe_split} as MLflow has it. */
    static String body(List<String> features, Row row) {
        ObjectNode split = JSON.createObjectNode();
        ArrayNode columns = split.putArray("columns");
        features.forEach(columns::add);
        ArrayNode values = split.putArray("data").addArray();
        for (int c = 0; c < features.size(); c++) {
            values.add(((Number) row.get(c)).doubleValue());
        }
        return JSON.createObjectNode().set("dataframe_split", split).toString();
    }

    private float score(String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(invocations)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new ArclightException(
                    ErrorCode.INTERNAL,
                    "The scoring server answered %d: %s".formatted(response.statusCode(), response.body()));
        }
        JsonNode prediction = JSON.readTree(response.body()).path("predictions").path(0);
        return Float.parseFloat(prediction.asText());
    }

    private static double quantile(double[] sorted, double q) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(q * sorted.length) - 1)];
    }
}
