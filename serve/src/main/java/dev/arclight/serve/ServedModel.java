package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.arclight.model.Model;
import dev.arclight.model.Predictor;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;
import java.util.Locale;

/** One loaded version of a model: reads rows, predicts, writes predictions. Immutable. */
final class ServedModel {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER) // the shortest text that reads back as the same float
            .build();

    private final Model model;
    private final String version;
    private final Predictor predictor;
    private final InputSchema schema;
    private final JsonRows json;
    private final CsvRows csv;

    /** @param version for the caller of a request: a version number or empty */
    ServedModel(Model model, String version) {
        this.model = model;
        this.version = version;
        this.predictor = model.predictor();
        this.schema = InputSchema.of(model.signature(), predictor.features());
        this.json = new JsonRows(schema);
        this.csv = new CsvRows(schema, json);
    }

    Model model() {
        return model;
    }

    String version() {
        return version;
    }

    /** How many numbers one row's prediction has. */
    int outputs() {
        return predictor.outputs();
    }

    InputSchema schema() {
        return schema;
    }

    /** Shape (rows, outputs), row-major. */
    float[] predict(Rows rows) {
        float[] predictions = new float[Math.multiplyExact(rows.count(), predictor.outputs())];
        predictor.predict(rows.values(), rows.count(), predictions);
        return predictions;
    }

    /** Answers a request to {@code /invocations}. */
    Reply score(Request request) throws IOException {
        Rows rows = read(request);
        Reply reply = Reply.json(write(predict(rows), rows.count()));
        return version.isEmpty() ? reply : reply.withHeader("X-Arclight-Model-Version", version);
    }

    private Rows read(Request request) throws IOException {
        String type = request.header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        String plain =
                (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "application/json" -> json.read(request.bytes());
            case "text/csv" -> csv.read(request.bytes());
            default ->
                throw new HttpError(
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        "Content-Type should be application/json or text/csv, but is '%s'"
                                .formatted(Cells.shorten(plain)));
        };
    }

    private byte[] write(float[] predictions, int count) throws IOException {
        int outputs = predictor.outputs();
        ByteArrayBuilder bytes = new ByteArrayBuilder(32 + predictions.length * 12);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeArrayFieldStart("predictions");
            for (int row = 0; row < count; row++) {
                if (outputs == 1) {
                    out.writeNumber(predictions[row]);
                    continue;
                }
                out.writeStartArray();
                for (int i = 0; i < outputs; i++) {
                    out.writeNumber(predictions[row * outputs + i]);
                }
                out.writeEndArray();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
