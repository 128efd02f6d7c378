package dev.arclight.tables;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns CSV records of one file into rows, or says what is wrong with them. Keeps count of what it changed on the way.
 * Not safe for use by many threads.
 */
final class RowParser {
    private final List<Column> columns;
    private final Layout layout;
    private final boolean lenient;
    private final int[] sources;
    private final @Nullable Object[] fixed;
    private final CellParser[] parsers;
    private final long[] rewritten;
    private final long[] rounded;
    private long extraEmptyFields;
    private @Nullable Reject reject;

    RowParser(List<Column> columns, Layout layout, boolean lenient) {
        this.columns = columns;
        this.layout = layout;
        this.lenient = lenient;
        this.sources = layout.sources().stream().mapToInt(Integer::intValue).toArray();
        this.fixed = columns.stream().map(c -> layout.values().get(c.name())).toArray();
        this.parsers = columns.stream().map(CellParser::new).toArray(CellParser[]::new);
        this.rewritten = new long[parsers.length];
        this.rounded = new long[parsers.length];
    }

    /** Why the last record has no row. */
    Reject reject() {
        if (reject == null) {
            throw new IllegalStateException("The last record was parsed");
        }
        return reject;
    }

    /** By declared column, how many cells were written in another form than the type's own. */
    long[] rewritten() {
        return rewritten;
    }

    /** By declared column, how many cells lost digits. */
    long[] rounded() {
        return rounded;
    }

    /** Rows with more fields than the header, all of these empty. */
    long extraEmptyFields() {
        return extraEmptyFields;
    }

    /**
     * The current record's values in declared order.
     *
     * @return null if the record is refused; {@link #reject()} says why
     */
    @Nullable Object @Nullable [] parse(CsvRecords record) {
        reject = null;
        if (record.unclosedQuote()) {
            return refuse(record, Reject.Reason.UNCLOSED_QUOTE, null, "", "a quote is opened and never closed");
        }
        int expected = layout.header().size();
        if (record.fields() != expected && !toleratesFields(record, expected)) {
            boolean few = record.fields() < expected;
            return refuse(
                    record,
                    few ? Reject.Reason.TOO_FEW_FIELDS : Reject.Reason.TOO_MANY_FIELDS,
                    null,
                    "",
                    "the row has %d fields, the header has %d".formatted(record.fields(), expected));
        }
        @Nullable Object[] row = new Object[parsers.length];
        for (int c = 0; c < parsers.length; c++) {
            int field = sources[c];
            if (field < 0) {
                row[c] = fixed[c];
                continue;
            }
            Object value = parsers[c].parse(record.bytes(), record.start(field), record.end(field));
            Reject.Reason reason = judge(c, value);
            if (reason != null) {
                return refuseCell(record, reason, columns.get(c), field);
            }
            row[c] = value;
        }
        return row;
    }

    private boolean toleratesFields(CsvRecords record, int expected) {
        if (!lenient || record.fields() < expected) {
            return false;
        }
        for (int f = expected; f < record.fields(); f++) {
            if (record.end(f) > record.start(f)) {
                return false;
            }
        }
        extraEmptyFields++;
        return true;
    }

    private Reject.@Nullable Reason judge(int c, @Nullable Object value) {
        switch (parsers[c].outcome()) {
            case EXACT -> {}
            case REWRITTEN -> rewritten[c]++;
            case ROUNDED -> {
                if (!lenient) {
                    return Reject.Reason.NOT_OF_TYPE;
                }
                rounded[c]++;
            }
            case EMPTY -> {
                return columns.get(c).nullable() ? null : Reject.Reason.EMPTY_CELL;
            }
            case NOT_OF_TYPE -> {
                return Reject.Reason.NOT_OF_TYPE;
            }
            case OUT_OF_RANGE -> {
                return Reject.Reason.OUT_OF_RANGE;
            }
        }
        boolean nan = (value instanceof Double d && d.isNaN()) || (value instanceof Float f && f.isNaN());
        return nan && !columns.get(c).nullable() ? Reject.Reason.NAN_CELL : null;
    }

    private @Nullable Object @Nullable [] refuseCell(
            CsvRecords record, Reject.Reason reason, Column column, int field) {
        String value = new String(
                record.bytes(),
                record.start(field),
                Math.min(200, record.end(field) - record.start(field)),
                StandardCharsets.UTF_8);
        String type = column.type().catalogString();
        String what = switch (reason) {
            case EMPTY_CELL -> "the cell is empty, a value of type %s was expected".formatted(type);
            case NAN_CELL -> "the cell is NaN, a number was expected";
            case OUT_OF_RANGE -> "'%s' does not fit into type %s".formatted(value, type);
            default -> "'%s' is not of type %s".formatted(value, type);
        };
        return refuse(record, reason, column, value, what);
    }

    private @Nullable Object @Nullable [] refuse(
            CsvRecords record, Reject.Reason reason, @Nullable Column column, String value, String what) {
        reject = new Reject(
                reason, layout.file(), record.line(), column == null ? "" : column.name(), value, record.text(), what);
        return null;
    }
}
