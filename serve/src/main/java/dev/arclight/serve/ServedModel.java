package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.arclight.base.ArclightException;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.Model;
import dev.arclight.model.Predictor;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One loaded version of a model: reads rows, predicts, writes predictions. Immutable. */
final class ServedModel {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER) // the shortest text that reads back as the same float
            .build();

    /** Requests of a warm-up: enough for the first compiler, few enough to be ready soon (decision 037). */
    private static final int WARM_UP = 300;

    private static final long WARM_UP_NANOS = 250_000_000;

    /** What the thread that reads requests may spend on one: others wait for it. */
    private static final double QUICK_NANOS = 100_000;

    /** Share of a new measurement in the running mean. */
    private static final double FRESH = 0.05;

    private final Model model;
    private final String version;
    private final @Nullable Decision decision;
    private final Predictor predictor;
    private final InputSchema schema;
    private final PredictionJson answer;
    private final JsonRows json;
    private final CsvRows csv;
    private final ParquetRows parquet;
    private final ArrowRows arrow;

    /**
     * Mean cost of a request by its size. Threads may overwrite each other's measurement: one more or less is no
     * matter.
     */
    private volatile double nanosPerByte;

    /** @param version for the caller of a request: a version number or empty */
    ServedModel(Model model, String version) {
        this(model, version, null);
    }

    /** @param decision puts labels beside the scores, or null */
    ServedModel(Model model, String version, @Nullable Decision decision) {
        this.model = model;
        this.version = version;
        this.decision = decision;
        this.predictor = model.predictor();
        if (decision != null && predictor.outputs() != 1) {
            throw ArclightException.badInput("A threshold is for models with one score a row; the model in %s has %d"
                    .formatted(model.directory(), predictor.outputs()));
        }
        this.schema = InputSchema.of(model.signature(), predictor.features());
        this.answer =
                new PredictionJson(model.outputs(), model.signature().columns().isPresent(), predictor.outputs());
        this.json = new JsonRows(schema, new RequestParams(model.signature().params()));
        this.csv = new CsvRows(schema, json);
        this.parquet = new ParquetRows(schema, json);
        this.arrow = new ArrowRows(schema, json);
    }

    Model model() {
        return model;
    }

    String version() {
        return version;
    }

    @Nullable Decision decision() {
        return decision;
    }

    /** This version with another decision or none. */
    ServedModel with(@Nullable Decision newDecision) {
        return new ServedModel(model, version, newDecision);
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

    /** Runs the way of a request 300 times, 250 ms at most, so that the first callers find it compiled. */
    void warmUp() {
        byte[] request = example().getBytes(StandardCharsets.UTF_8);
        try {
            long end = System.nanoTime() + WARM_UP_NANOS;
            for (int i = 0; i < WARM_UP && System.nanoTime() < end; i++) {
                long start = System.nanoTime();
                Rows rows = json.read(request);
                write(predict(rows), rows.count());
                nanosPerByte = (double) (System.nanoTime() - start) / request.length;
            }
        } catch (IOException | HttpError e) {
            throw new IllegalStateException("A model refuses its own golden row: " + e.getMessage(), e);
        }
    }

    /** A body of one row: the first golden one, or zeros. */
    private String example() {
        int width = schema.width();
        float[] values = model.goldenRows().map(GoldenRows::rows).orElseGet(() -> new float[width]);
        if (!schema.tensors().isEmpty()) {
            return new TensorRows(schema).body(i -> text(values[i], i));
        }
        StringBuilder body =
                new StringBuilder(schema.isNamed() ? "{\"dataframe_split\": {\"columns\": [" : "{\"inputs\": [[");
        if (schema.isNamed()) {
            for (int i = 0; i < width; i++) {
                body.append(i == 0 ? "" : ",").append(quoted(schema.name(i)));
            }
            body.append("], \"data\": [[");
        }
        for (int i = 0; i < width; i++) {
            body.append(i == 0 ? "" : ",").append(text(values[i], i));
        }
        return body.append(schema.isNamed() ? "]]}}" : "]]}").toString();
    }

    private String text(float value, int column) {
        boolean missing = Float.isNaN(value) || !Float.isFinite(value);
        return missing ? "null" : schema.mayBeMissing(column) ? Float.toString(value) : Long.toString((long) value);
    }

    static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /**
     * Whether the request, by the size of its body, takes the thread that read it no time worth speaking of. The size
     * says nothing of a table: a hundred bytes of Parquet may be a million rows.
     */
    boolean isQuick(Request request) {
        return isText(type(request)) && nanosPerByte * request.contentLength().orElse(Long.MAX_VALUE) < QUICK_NANOS;
    }

    private static boolean isText(String type) {
        return type.equals("application/json") || type.equals("text/csv");
    }

    private static String type(Request request) {
        String type = request.header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /** Is told what was answered; must not wait, nor change either. */
    @FunctionalInterface
    interface Observer {
        void answered(Rows rows, float[] predictions);
    }

    /** Answers a request to {@code /invocations}. */
    Reply score(Request request, Observer observer) throws IOException {
        long start = System.nanoTime();
        Rows rows = read(request);
        float[] predictions = predict(rows);
        Reply reply = Reply.json(write(predictions, rows.count()));
        observer.answered(rows, predictions);
        if (isText(type(request))) {
            int bytes = Math.max(1, request.bytes().length);
            double before = nanosPerByte;
            double seen = (double) (System.nanoTime() - start) / bytes;
            nanosPerByte = before + FRESH * (seen - before);
        }
        return version.isEmpty() ? reply : reply.withHeader("X-Arclight-Model-Version", version);
    }

    private Rows read(Request request) throws IOException {
        String plain = type(request);
        return switch (plain) {
            case "application/json" -> json.read(request.bytes());
            case "text/csv" -> csv.read(request.bytes());
            case "application/vnd.apache.parquet" -> parquet.read(request.bytes());
            case "application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.file" ->
                arrow.read(request.bytes());
            default ->
                throw new HttpError(
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        "Content-Type should be application/json, text/csv, application/vnd.apache.parquet or application/vnd.apache.arrow.stream, but is '%s'"
                                .formatted(Cells.shorten(plain)));
        };
    }

    /** Rows of a file on this machine, Parquet or else CSV. */
    Rows read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return file.toString().endsWith(".parquet") ? parquet.read(bytes) : csv.read(bytes);
    }

    private byte[] write(float[] predictions, int count) throws IOException {
        ByteArrayBuilder bytes = new ByteArrayBuilder(32 + predictions.length * 12);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeFieldName("predictions");
            answer.write(out, predictions, count);
            if (decision != null) {
                out.writeArrayFieldStart("labels");
                for (float prediction : predictions) {
                    out.writeNumber(decision.label(prediction));
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
