package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * Sends rows to a scoring server, this or MLflow's, over one connection that is kept. Safe for use by many threads,
 * which then use a connection each.
 */
public final class ScoringClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI invocations;
    private final List<String> columns;

    private ScoringClient(URI invocations, List<String> columns) {
        this.invocations = invocations;
        this.columns = List.copyOf(columns);
    }

    /**
     * A client for the model that answers {@code /invocations}.
     *
     * @param server such as {@code http://127.0.0.1:5001}
     * @param columns names of the values of a row
     */
    public static ScoringClient of(URI server, List<String> columns) {
        return new ScoringClient(server.resolve("/invocations"), columns);
    }

    /**
     * Scores rows.
     *
     * @param rows float32, shape (rowCount, columns), row-major; NaN is a missing value
     * @return float32, shape (rowCount, outputs), row-major: the very floats that the model predicted
     * @throws ArclightException {@link ErrorCode#BAD_INPUT} with the server's message if it refuses the rows,
     *     {@link ErrorCode#UNAVAILABLE} if it does not answer
     */
    public float[] score(float[] rows, int rowCount) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(invocations)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(rows, rowCount)))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new ArclightException(
                        response.statusCode() < 500 ? ErrorCode.BAD_INPUT : ErrorCode.UNAVAILABLE,
                        "%s answered %d: %s"
                                .formatted(
                                        invocations,
                                        response.statusCode(),
                                        answer.path("message").asText()));
            }
            return floats(answer.path("predictions"));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "%s does not answer: %s".formatted(invocations, e.getMessage()), e);
        }
    }

    private byte[] body(float[] rows, int rowCount) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeObjectFieldStart("dataframe_split");
            out.writeArrayFieldStart("columns");
            for (String column : columns) {
                out.writeString(column);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("data");
            for (int row = 0; row < rowCount; row++) {
                out.writeStartArray();
                for (int i = 0; i < columns.size(); i++) {
                    number(out, rows[row * columns.size() + i]);
                }
                out.writeEndArray();
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Whole numbers without a point, so that they fit columns of whole numbers; others exactly. */
    private static void number(JsonGenerator out, float value) throws IOException {
        if (Float.isNaN(value)) {
            out.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber((double) value);
        }
    }

    private static float[] floats(JsonNode predictions) {
        int outputs = predictions.isEmpty() ? 0 : Math.max(1, predictions.get(0).size());
        float[] floats = new float[predictions.size() * outputs];
        int at = 0;
        for (JsonNode row : predictions) {
            if (!row.isArray()) {
                floats[at++] = Float.parseFloat(row.asText());
                continue;
            }
            for (JsonNode value : row) {
                floats[at++] = Float.parseFloat(value.asText());
            }
        }
        return floats;
    }
}
