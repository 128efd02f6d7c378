package dev.arclight.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.StringWriter;

/**
 * A few rows and what the library that trained the model predicted for them. They travel with the model: whoever loads
 * it predicts them again, and refuses the model if its answers differ. This finds a file that another generation of a
 * library reads differently. Immutable; arrays are copied.
 */
public final class GoldenRows {
    private final int count;
    private final float[] rows;
    private final float[] predictions;

    private GoldenRows(int count, float[] rows, float[] predictions) {
        this.count = count;
        this.rows = rows;
        this.predictions = predictions;
    }

    /**
     * Keeps the first {@code count} rows.
     *
     * @param count at least 1
     * @param rows float32, shape (at least count, features), row-major; NaN is a missing value
     * @param features width of a row
     * @param predictions float32, shape (at least count, outputs), row-major, from the library that trained the model
     * @param outputs width of a prediction
     */
    public static GoldenRows of(int count, float[] rows, int features, float[] predictions, int outputs) {
        if (count < 1 || rows.length < (long) count * features || predictions.length < (long) count * outputs) {
            throw new IllegalArgumentException("Golden rows: %d of %d in %d floats, predictions %d in %d"
                    .formatted(count, features, rows.length, outputs, predictions.length));
        }
        return new GoldenRows(
                count,
                java.util.Arrays.copyOf(rows, count * features),
                java.util.Arrays.copyOf(predictions, count * outputs));
    }

    /** How many. */
    public int count() {
        return count;
    }

    /** A copy; float32, shape (count, features), row-major. */
    public float[] rows() {
        return rows.clone();
    }

    /** A copy; float32, shape (count, outputs), row-major. */
    public float[] predictions() {
        return predictions.clone();
    }

    /**
     * Predicts the rows with {@code predictor} and compares: each number within {@code 1e-6 + 1e-6 * |expected|}.
     *
     * @param what the model, for the message
     * @throws ArclightException {@link ErrorCode#BAD_STATE} if a prediction differs: the first such row is named
     */
    public void verify(Predictor predictor, String what) {
        if (rows.length != count * predictor.features() || predictions.length != count * predictor.outputs()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The golden rows of %s have %d features and %d outputs, but the model has %d and %d: the directory mixes files of two models"
                            .formatted(
                                    what,
                                    rows.length / count,
                                    predictions.length / count,
                                    predictor.features(),
                                    predictor.outputs()));
        }
        float[] seen = new float[predictions.length];
        predictor.predict(rows, count, seen);
        for (int i = 0; i < seen.length; i++) {
            if (!(Math.abs((double) seen[i] - predictions[i]) <= 1e-6 + 1e-6 * Math.abs((double) predictions[i]))
                    && Float.compare(seen[i], predictions[i]) != 0) {
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "%s does not predict here what it predicted when it was trained: golden row %d gives %s, expected %s; the model is not served. Its file was changed, or written by a library whose format is read differently: train or export it again"
                                .formatted(what, i / predictor.outputs(), seen[i], predictions[i]));
            }
        }
    }

    /** JSON: {@code {"rows": [[...]], "predictions": [[...]]}}; floats in their shortest form, missing values null. */
    String toJson(int features) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonMapper().createGenerator(text)) {
            out.writeStartObject();
            write(out, "rows", rows, features);
            write(out, "predictions", predictions, predictions.length / count);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
        return text.toString();
    }

    private void write(JsonGenerator out, String key, float[] values, int width) throws IOException {
        out.writeArrayFieldStart(key);
        for (int row = 0; row < count; row++) {
            out.writeStartArray();
            for (int i = 0; i < width; i++) {
                float value = values[row * width + i];
                if (Float.isNaN(value)) {
                    out.writeNull();
                } else if (Float.isInfinite(value)) {
                    out.writeString(Float.toString(value));
                } else {
                    out.writeNumber(value);
                }
            }
            out.writeEndArray();
        }
        out.writeEndArray();
    }

    /** @throws IOException if the text is no such JSON */
    static GoldenRows fromJson(String json) throws IOException {
        JsonNode root = new JsonMapper().readTree(json);
        JsonNode rows = root.path("rows");
        JsonNode predictions = root.path("predictions");
        if (rows.isEmpty() || rows.size() != predictions.size()) {
            throw new IOException("%d rows and %d predictions".formatted(rows.size(), predictions.size()));
        }
        return new GoldenRows(rows.size(), floats(rows), floats(predictions));
    }

    private static float[] floats(JsonNode table) throws IOException {
        int width = table.get(0).size();
        float[] values = new float[table.size() * width];
        int at = 0;
        for (JsonNode row : table) {
            if (row.size() != width) {
                throw new IOException("rows of %d and %d values".formatted(width, row.size()));
            }
            for (JsonNode value : row) {
                values[at++] = value.isNull() ? Float.NaN : Float.parseFloat(value.asText());
            }
        }
        return values;
    }
}
