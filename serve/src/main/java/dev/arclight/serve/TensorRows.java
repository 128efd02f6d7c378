package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code inputs} and {@code instances} of models whose signature has tensors: nested arrays, the rows outermost,
 * of the only tensor or of each by name. Safe for use by many threads.
 */
final class TensorRows {
    private final InputSchema schema;
    private final Cells cells;
    private final Map<String, InputSchema.Tensor> byName = new HashMap<>();

    TensorRows(InputSchema schema) {
        this.schema = schema;
        this.cells = new Cells(schema);
        for (InputSchema.Tensor tensor : schema.tensors()) {
            if (tensor.name() != null) {
                byName.put(tensor.name(), tensor);
            }
        }
    }

    /**
     * Reads the value that {@code in} is at.
     *
     * @param layout {@code inputs} or {@code instances}
     * @throws dev.arclight.web.HttpError 400 that says what is wrong and where
     */
    Rows read(JsonParser in, JsonToken token, String layout) throws IOException {
        if (token == JsonToken.START_OBJECT && layout.equals("inputs")) {
            return byTensor(in);
        }
        if (token != JsonToken.START_ARRAY) {
            throw Cells.bad("%s should be an array of rows%s"
                    .formatted(layout, layout.equals("inputs") ? " or an object of tensors" : ""));
        }
        Rows rows = new Rows(schema.width());
        for (JsonToken row = in.nextToken(); row != JsonToken.END_ARRAY; row = in.nextToken()) {
            rows.begin();
            int number = rows.count() - 1;
            if (row == JsonToken.START_OBJECT) {
                byName(in, rows, number);
            } else if (schema.tensors().size() == 1) {
                fill(in, row, rows, number, schema.tensors().get(0), 0, 0);
            } else {
                throw Cells.bad("Row %d of %s should be an object of the tensors %s"
                        .formatted(
                                number,
                                layout,
                                byName.keySet().stream().sorted().toList()));
            }
        }
        return rows;
    }

    /** {@code {"name": [rows], ...}}. */
    private Rows byTensor(JsonParser in) throws IOException {
        Rows rows = new Rows(schema.width());
        Set<String> seen = new HashSet<>();
        int length = -1;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            InputSchema.Tensor tensor = byName.get(name);
            JsonToken value = in.nextToken();
            if (tensor == null) { // what the model does not know is passed over, as columns are
                in.skipChildren();
                continue;
            }
            if (!seen.add(name)) {
                throw Cells.bad("The tensor '%s' is there twice".formatted(name));
            }
            if (value != JsonToken.START_ARRAY) {
                throw Cells.bad("The tensor '%s' should be an array of rows".formatted(name));
            }
            int row = 0;
            for (JsonToken each = in.nextToken(); each != JsonToken.END_ARRAY; each = in.nextToken()) {
                if (row == rows.count()) {
                    rows.begin();
                }
                fill(in, each, rows, row++, tensor, 0, 0);
            }
            if (length >= 0 && row != length) {
                throw Cells.bad("The tensor '%s' has %d rows, others have %d".formatted(name, row, length));
            }
            length = row;
        }
        refuseMissing(seen);
        return rows;
    }

    private void byName(JsonParser in, Rows rows, int row) throws IOException {
        Set<String> seen = new HashSet<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            InputSchema.Tensor tensor = byName.get(in.currentName());
            JsonToken value = in.nextToken();
            if (tensor == null) {
                in.skipChildren();
            } else {
                seen.add(String.valueOf(tensor.name()));
                fill(in, value, rows, row, tensor, 0, 0);
            }
        }
        refuseMissing(seen);
    }

    private void refuseMissing(Set<String> seen) {
        List<String> missing = new ArrayList<>();
        for (InputSchema.Tensor tensor : schema.tensors()) {
            if (tensor.name() == null || !seen.contains(tensor.name())) {
                missing.add(String.valueOf(tensor.name()));
            }
        }
        if (!missing.isEmpty()) {
            throw Cells.bad(
                    byName.isEmpty()
                            ? "The model's only tensor has no name: send it as an array of rows"
                            : "Model is missing inputs %s.".formatted(missing));
        }
    }

    /**
     * One dimension of one row's values.
     *
     * @param at how many of them there are already
     * @return how many there are then
     */
    private int fill(
            JsonParser in,
            @Nullable JsonToken token,
            Rows rows,
            int row,
            InputSchema.Tensor tensor,
            int dimension,
            int at)
            throws IOException {
        if (token == null) {
            throw Cells.bad("The body ends within an array");
        }
        if (dimension == tensor.shape().size()) {
            int column = tensor.first() + at;
            rows.set(row, column, cells.read(in, token, row, column));
            return at + 1;
        }
        int expected = tensor.shape().get(dimension);
        if (token != JsonToken.START_ARRAY) {
            throw shape(row, tensor);
        }
        int length = 0;
        int next = at;
        for (JsonToken each = in.nextToken(); each != JsonToken.END_ARRAY; each = in.nextToken()) {
            if (++length > expected) {
                throw shape(row, tensor);
            }
            next = fill(in, each, rows, row, tensor, dimension + 1, next);
        }
        if (length != expected) {
            throw shape(row, tensor);
        }
        return next;
    }

    private static dev.arclight.web.HttpError shape(int row, InputSchema.Tensor tensor) {
        return Cells.bad("Row %d%s should have the shape %s"
                .formatted(row, tensor.name() == null ? "" : " of '" + tensor.name() + "'", tensor.shape()));
    }

    /** The body of one row, as JSON. */
    String body(IntFunction<String> value) {
        StringBuilder body = new StringBuilder("{\"inputs\": ");
        if (byName.isEmpty()) {
            append(body.append('['), schema.tensors().get(0), 0, 0, value);
            return body.append("]}").toString();
        }
        String separator = "{";
        for (InputSchema.Tensor tensor : schema.tensors()) {
            body.append(separator)
                    .append(ServedModel.quoted(String.valueOf(tensor.name())))
                    .append(": [");
            append(body, tensor, 0, 0, value);
            body.append(']');
            separator = ", ";
        }
        return body.append("}}").toString();
    }

    private static int append(
            StringBuilder body, InputSchema.Tensor tensor, int dimension, int at, IntFunction<String> value) {
        if (dimension == tensor.shape().size()) {
            body.append(value.apply(tensor.first() + at));
            return at + 1;
        }
        body.append('[');
        int next = at;
        for (int i = 0; i < tensor.shape().get(dimension); i++) {
            body.append(i == 0 ? "" : ",");
            next = append(body, tensor, dimension + 1, next, value);
        }
        body.append(']');
        return next;
    }
}
