package dev.arclight.serve;

import dev.arclight.web.HttpError;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads CSV as pandas writes it: a header, commas, quotes doubled within quotes (RFC 4180). An empty cell is a missing
 * value. Safe for use by many threads.
 */
final class CsvRows {
    private final InputSchema schema;
    private final JsonRows names;
    private final Cells cells;

    CsvRows(InputSchema schema, JsonRows names) {
        this.schema = schema;
        this.names = names;
        this.cells = new Cells(schema);
    }

    /** @throws HttpError 400 that says what is wrong and where */
    Rows read(byte[] body) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Cells.bad("The body is not UTF-8");
        }
        Reader reader = new Reader(text);
        List<String> header = reader.next();
        if (header.isEmpty()) {
            throw Cells.bad("The CSV is empty; its first line should name the columns");
        }
        int[] places = schema.isNamed() ? names.places(header) : byPlace(header.size(), schema, "CSV");
        Rows rows = new Rows(schema.width());
        for (List<String> line = reader.next(); !line.isEmpty(); line = reader.next()) {
            int row = rows.count();
            if (line.size() != places.length) {
                throw Cells.bad("Row %d has %d values; the header has %d".formatted(row, line.size(), places.length));
            }
            rows.begin();
            for (int i = 0; i < places.length; i++) {
                if (places[i] >= 0) {
                    String cell = line.get(i);
                    rows.set(
                            places[i],
                            cell.isBlank() ? cells.missing(row, places[i]) : cells.text(cell, row, places[i]));
                }
            }
        }
        return rows;
    }

    /** For columns without names of their own: each is the model's at the same place. */
    static int[] byPlace(int width, InputSchema schema, String what) {
        if (width != schema.width()) {
            throw Cells.bad("The %s has %d columns; %d were expected".formatted(what, width, schema.width()));
        }
        int[] places = new int[width];
        java.util.Arrays.setAll(places, i -> i);
        return places;
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        }

        /** The cells of the next line that is not blank; empty at the end. */
        List<String> next() {
            while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
                at++;
            }
            List<String> line = new ArrayList<>();
            if (at == text.length()) {
                return line;
            }
            while (true) {
                line.add(cell());
                if (at == text.length() || text.charAt(at) != ',') {
                    return line;
                }
                at++;
            }
        }

        private String cell() {
            if (at == text.length() || text.charAt(at) != '"') {
                int start = at;
                while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                return text.substring(start, at);
            }
            StringBuilder cell = new StringBuilder();
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c != '"') {
                    cell.append(c);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    cell.append('"');
                    at++;
                } else if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                    throw Cells.bad("The CSV has text after the closing quote of \"%s\""
                            .formatted(Cells.shorten(cell.toString())));
                } else {
                    return cell.toString();
                }
            }
            throw Cells.bad("The CSV ends within quotes");
        }
    }
}
