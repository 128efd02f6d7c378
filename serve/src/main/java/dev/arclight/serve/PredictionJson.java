package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.arclight.model.Output;
import java.io.IOException;
import java.util.List;

/**
 * Writes predictions as MLflow's server does: numbers, or an array for each row, of models whose outputs have no names;
 * of others an object for each row where the inputs are columns, an object of tensors where they are tensors.
 * Immutable.
 */
final class PredictionJson {
    private final List<Output> outputs;
    private final boolean byRow;
    private final int width;

    /**
     * @param outputs empty where they have no names
     * @param byRow whether a row's outputs go together
     * @param width numbers a row
     */
    PredictionJson(List<Output> outputs, boolean byRow, int width) {
        this.outputs = List.copyOf(outputs);
        this.byRow = byRow;
        this.width = width;
    }

    void write(JsonGenerator out, float[] predictions, int count) throws IOException {
        if (outputs.isEmpty()) {
            plain(out, predictions, count);
        } else if (byRow) {
            out.writeStartArray();
            for (int row = 0; row < count; row++) {
                out.writeStartObject();
                int at = row * width;
                for (Output output : outputs) {
                    out.writeFieldName(output.name());
                    boolean single = output.keys().isEmpty() && output.width() == 1;
                    value(out, output, predictions, at, single ? output.shape().size() : 0);
                    at += output.width();
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        } else {
            out.writeStartObject();
            int first = 0;
            for (Output output : outputs) {
                out.writeArrayFieldStart(output.name());
                for (int row = 0; row < count; row++) {
                    value(out, output, predictions, row * width + first, 0);
                }
                out.writeEndArray();
                first += output.width();
            }
            out.writeEndObject();
        }
    }

    private void plain(JsonGenerator out, float[] predictions, int count) throws IOException {
        out.writeStartArray();
        for (int row = 0; row < count; row++) {
            if (width == 1) {
                out.writeNumber(predictions[row]);
                continue;
            }
            out.writeStartArray();
            for (int i = 0; i < width; i++) {
                out.writeNumber(predictions[row * width + i]);
            }
            out.writeEndArray();
        }
        out.writeEndArray();
    }

    /** One row's values of one output from dimension {@code from} on; returns where the next begin. */
    private static int value(JsonGenerator out, Output output, float[] values, int at, int from) throws IOException {
        if (from == output.shape().size()) {
            number(out, output, values[at]);
            return at + 1;
        }
        if (!output.keys().isEmpty()) {
            out.writeStartObject();
            for (int i = 0; i < output.keys().size(); i++) {
                out.writeFieldName(output.keys().get(i));
                number(out, output, values[at + i]);
            }
            out.writeEndObject();
            return at + output.keys().size();
        }
        out.writeStartArray();
        int next = at;
        for (int i = 0; i < output.shape().get(from); i++) {
            next = value(out, output, values, next, from + 1);
        }
        out.writeEndArray();
        return next;
    }

    private static void number(JsonGenerator out, Output output, float value) throws IOException {
        switch (output.type()) {
            case BOOLEAN -> out.writeBoolean(value != 0);
            case INTEGER, LONG -> out.writeNumber((long) value);
            default -> out.writeNumber(value);
        }
    }
}
