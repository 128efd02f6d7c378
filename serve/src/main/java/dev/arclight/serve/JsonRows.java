package dev.arclight.serve;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the four JSON layouts of MLflow's scoring protocol straight into floats: {@code dataframe_split},
 * {@code dataframe_records}, {@code instances}, {@code inputs}. Columns that the model does not know are passed over,
 * as MLflow does. Safe for use by many threads.
 */
final class JsonRows {
    private static final String LAYOUTS = "dataframe_split, dataframe_records, instances or inputs";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN so
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxStringLength(1 << 20)
                    .maxNumberLength(1000)
                    .build())
            .build()
            .setCodec(new JsonMapper());

    private final InputSchema schema;
    private final Cells cells;
    private final RequestParams params;
    private final @Nullable TensorRows tensors;

    JsonRows(InputSchema schema, RequestParams params) {
        this.schema = schema;
        this.params = params;
        this.cells = new Cells(schema);
        boolean flat = schema.tensors().stream().allMatch(tensor -> tensor.name() == null) && !schema.isNested();
        this.tensors = flat ? null : new TensorRows(schema);
    }

    /** @throws dev.arclight.web.HttpError 400 that says what is wrong and where */
    Rows read(byte[] body) throws IOException {
        try (JsonParser in = JSON.createParser(body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw Cells.bad("The body should be a JSON object with one of " + LAYOUTS);
            }
            Rows rows = null;
            String layout = null;
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String key = in.currentName();
                JsonToken token = in.nextToken();
                Rows read = switch (key) {
                    case "dataframe_split", "dataframe_records" -> {
                        if (schema.isNested()) {
                            throw Cells.bad("The model takes tensors, which no %s has: send inputs".formatted(key));
                        }
                        if (key.equals("dataframe_split")) {
                            yield split(in, token);
                        }
                        expect(token, JsonToken.START_ARRAY, "dataframe_records should be an array of objects");
                        yield records(in, in.nextToken(), key);
                    }
                    case "instances" -> tensors == null ? instances(in, token) : tensors.read(in, token, key);
                    case "inputs" -> tensors == null ? inputs(in, token) : tensors.read(in, token, key);
                    case "params" -> {
                        params.read(in);
                        yield null;
                    }
                    default -> {
                        in.skipChildren(); // what future clients send
                        yield null;
                    }
                };
                if (read != null) {
                    if (rows != null) {
                        throw Cells.bad("The body has both %s and %s; send one".formatted(layout, key));
                    }
                    rows = read;
                    layout = key;
                }
            }
            if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
                throw Cells.bad("The body has more than one JSON object");
            }
            if (rows == null) {
                throw Cells.bad("The body has none of " + LAYOUTS);
            }
            return rows;
        } catch (JacksonException e) {
            JsonLocation at = e.getLocation();
            throw Cells.bad("The body is no JSON: %s%s"
                    .formatted(
                            Cells.shorten(
                                    e.getOriginalMessage().lines().findFirst().orElse("")),
                            at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr())));
        }
    }

    private Rows split(JsonParser in, JsonToken token) throws IOException {
        expect(token, JsonToken.START_OBJECT, "dataframe_split should be an object with columns and data");
        int[] columns = null;
        Rows rows = null;
        TokenBuffer early = null;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String key = in.currentName();
            JsonToken value = in.nextToken();
            if (key.equals("columns")) {
                columns = columns(in, value);
            } else if (key.equals("data")) {
                if (columns == null && schema.isNamed()) { // the names come after the values
                    early = new TokenBuffer(in);
                    early.copyCurrentStructure(in);
                } else {
                    rows = table(in, value, columns);
                }
            } else {
                in.skipChildren();
            }
        }
        if (early != null) {
            try (JsonParser again = early.asParser()) {
                rows = table(again, again.nextToken(), columns);
            }
        }
        if (rows == null) {
            throw Cells.bad("dataframe_split has no data");
        }
        return rows;
    }

    /** For each place in a row of the request, the column of the model or -1. */
    private int[] columns(JsonParser in, JsonToken token) throws IOException {
        expect(token, JsonToken.START_ARRAY, "columns should be an array of names");
        List<String> names = new ArrayList<>();
        for (JsonToken name = in.nextToken(); name != JsonToken.END_ARRAY; name = in.nextToken()) {
            if (name == null || name.isStructStart() || name.isStructEnd()) {
                throw Cells.bad("columns should be an array of names");
            }
            names.add(in.getText());
        }
        if (!schema.isNamed()) {
            int[] places = new int[names.size()];
            for (int i = 0; i < places.length; i++) {
                places[i] = i < schema.width() ? i : -1;
            }
            return places;
        }
        return places(names);
    }

    /** For each of {@code names} the column of the model or -1; all required ones must be there, none twice. */
    int[] places(List<String> names) {
        int[] places = new int[names.size()];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < places.length; i++) {
            places[i] = schema.index(names.get(i));
            if (!seen.add(names.get(i)) && places[i] >= 0) {
                throw Cells.bad("The column '%s' is there twice".formatted(names.get(i)));
            }
        }
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < schema.width(); i++) {
            if (schema.isRequired(i) && !seen.contains(schema.name(i))) {
                missing.add(schema.name(i));
            }
        }
        refuseMissing(missing);
        return places;
    }

    private static void refuseMissing(List<String> missing) {
        if (!missing.isEmpty()) {
            throw Cells.bad("Model is missing inputs %s.".formatted(missing));
        }
    }

    private Rows table(JsonParser in, @Nullable JsonToken token, int @Nullable [] columns) throws IOException {
        expect(token, JsonToken.START_ARRAY, "data should be an array of rows");
        return table(in, in.nextToken(), columns, "data");
    }

    /**
     * Arrays of values.
     *
     * @param first the token after the start of the outer array
     * @param columns of the model for each place in a row, or null where rows are as wide as the model
     */
    private Rows table(JsonParser in, @Nullable JsonToken first, int @Nullable [] columns, String what)
            throws IOException {
        if (columns == null && schema.isNamed()) {
            throw Cells.bad(
                    "The rows have no column names, but the model knows its inputs by name: send dataframe_split with columns, or objects; inputs are "
                            + schema.names());
        }
        int width = columns == null ? schema.width() : columns.length;
        Rows rows = new Rows(schema.width());
        for (JsonToken row = first; row != JsonToken.END_ARRAY; row = in.nextToken()) {
            int number = rows.count();
            if (row != JsonToken.START_ARRAY) {
                throw Cells.bad("Row %d of %s is no array".formatted(number, what));
            }
            rows.begin();
            int place = 0;
            for (JsonToken value = in.nextToken(); value != JsonToken.END_ARRAY; value = in.nextToken()) {
                int column = place >= width ? -1 : columns == null ? place : columns[place];
                if (column >= 0) {
                    rows.set(column, cells.read(in, value, number, column));
                } else {
                    in.skipChildren();
                }
                place++;
            }
            if (place != width) {
                throw Cells.bad("Row %d has %d values; %d were expected".formatted(number, place, width));
            }
        }
        return rows;
    }

    /**
     * Objects by column name.
     *
     * @param first the token after the start of the array
     */
    private Rows records(JsonParser in, @Nullable JsonToken first, String what) throws IOException {
        Rows rows = new Rows(schema.width());
        int[] filled = new int[schema.width()];
        int[] last = new int[schema.width()];
        for (JsonToken row = first; row != JsonToken.END_ARRAY; row = in.nextToken()) {
            int number = rows.count();
            if (row != JsonToken.START_OBJECT) {
                throw Cells.bad("Row %d of %s is no object".formatted(number, what));
            }
            rows.begin();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                int column = schema.index(in.currentName());
                JsonToken value = in.nextToken();
                if (column < 0) {
                    in.skipChildren();
                    continue;
                }
                rows.set(column, cells.read(in, value, number, column));
                if (last[column] != number + 1) { // a key that comes twice counts once
                    last[column] = number + 1;
                    filled[column]++;
                }
            }
        }
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < filled.length; i++) {
            if (filled[i] == 0 && schema.isRequired(i)) {
                missing.add(schema.name(i));
            } else if (filled[i] < rows.count() && !schema.mayBeMissing(i)) {
                throw Cells.bad("Some rows have no '%s', a column of type %s, which cannot have missing values"
                        .formatted(schema.name(i), schema.type(i).mlflowName()));
            }
        }
        if (rows.count() > 0) {
            refuseMissing(missing);
        }
        return rows;
    }

    private Rows instances(JsonParser in, JsonToken token) throws IOException {
        expect(token, JsonToken.START_ARRAY, "instances should be an array");
        JsonToken first = in.nextToken();
        if (first == JsonToken.START_OBJECT || first == JsonToken.END_ARRAY) {
            return records(in, first, "instances");
        }
        return table(in, first, null, "instances");
    }

    private Rows inputs(JsonParser in, JsonToken token) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            JsonToken first = in.nextToken();
            return first == JsonToken.START_OBJECT ? records(in, first, "inputs") : table(in, first, null, "inputs");
        }
        expect(token, JsonToken.START_OBJECT, "inputs should be an object of columns, or an array");
        return columnwise(in);
    }

    /** {@code {"name": [values], ...}}: each column has one value for each row, or a single one. */
    private Rows columnwise(JsonParser in) throws IOException {
        Rows rows = new Rows(schema.width());
        int length = -1;
        Set<Integer> seen = new HashSet<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            int column = schema.index(name);
            JsonToken value = in.nextToken();
            if (column < 0 || !schema.isNamed()) {
                in.skipChildren();
                continue;
            }
            seen.add(column);
            int row = 0;
            if (value == JsonToken.START_ARRAY) {
                for (JsonToken each = in.nextToken(); each != JsonToken.END_ARRAY; each = in.nextToken()) {
                    put(rows, row, column, cells.read(in, each, row, column));
                    row++;
                }
            } else {
                put(rows, 0, column, cells.read(in, value, 0, column));
                row = 1;
            }
            if (length >= 0 && row != length) {
                throw Cells.bad("The column '%s' has %d values, others have %d".formatted(name, row, length));
            }
            length = row;
        }
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < schema.width(); i++) {
            if (schema.isRequired(i) && !seen.contains(i)) {
                missing.add(schema.name(i));
            }
        }
        refuseMissing(missing);
        return rows;
    }

    private static void put(Rows rows, int row, int column, float value) {
        if (row == rows.count()) {
            rows.begin();
        }
        rows.set(row, column, value);
    }

    private static void expect(@Nullable JsonToken seen, JsonToken expected, String otherwise) {
        if (seen != expected) {
            throw Cells.bad(otherwise);
        }
    }
}
