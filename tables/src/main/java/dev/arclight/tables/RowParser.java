package dev.arclight.tables;

import dev.arclight.tables.CellValue.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of one file into rows, or says what is wrong with them. Keeps count of what it changed on the way.
 * Not safe for use by many threads.
 */
final class RowParser {
    private static final int SHOWN_BYTES = 200;

    private final Table table;
    private final List<Column> columns;
    private final Layout layout;
    private final boolean lenient;
    private final int[] sources;
    private final int[][] alternatives;
    private final @Nullable Object[] fixed;
    private final boolean[] empty;
    private final CellParser[] parsers;
    private final UnsafeRowWriter writer;
    private final RowCounts counts;
    private final List<Table.Rule> rules;
    private final Table.RowTest[] tests;
    private @Nullable Reject reject;

    RowParser(Table table, Layout layout, boolean lenient) {
        this.table = table;
        this.columns = table.columns();
        this.layout = layout;
        this.lenient = lenient;
        int width = columns.size();
        this.sources = layout.sources().stream().mapToInt(Integer::intValue).toArray();
        this.alternatives = new int[width][];
        this.fixed = new Object[width];
        this.empty = new boolean[width];
        for (int c = 0; c < width; c++) {
            String name = columns.get(c).name();
            alternatives[c] = layout.alternatives().getOrDefault(name, List.of()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            fixed[c] = layout.values().get(name);
        }
        this.parsers = columns.stream().map(CellParser::new).toArray(CellParser[]::new);
        this.writer = new UnsafeRowWriter(width, width * 16);
        this.rules = table.rules();
        String file = layout.file().substring(layout.file().lastIndexOf('/') + 1);
        this.tests = rules.stream().map(rule -> rule.test().forFile(file)).toArray(Table.RowTest[]::new);
        this.counts = new RowCounts(width, rules.size());
    }

    /** Why the last record has no row. */
    Reject reject() {
        if (reject == null) {
            throw new IllegalStateException("The last record was parsed");
        }
        return reject;
    }

    /** What was counted so far. */
    RowCounts counts() {
        return counts;
    }

    /**
     * The current record's values in declared order.
     *
     * @return null if the record is refused; {@link #reject()} says why
     */
    @Nullable Object @Nullable [] parse(CsvRecords record) {
        if (!readCells(record)) {
            return null;
        }
        @Nullable Object[] row = new Object[parsers.length];
        for (int c = 0; c < parsers.length; c++) {
            row[c] = sources[c] < 0 ? fixed[c] : empty[c] ? null : parsers[c].javaValue();
        }
        return row;
    }

    /**
     * The current record as a binary row, which the next one overwrites.
     *
     * @return null if the record is refused; {@link #reject()} says why
     */
    @Nullable UnsafeRow row(CsvRecords record) {
        return readCells(record) ? judge(write(), record, null) : null;
    }

    /** Like {@link #row(CsvRecords)} for a typed row of the file. */
    @Nullable UnsafeRow row(InternalRow from, TypedCells cells) {
        reject = null;
        for (int c = 0; c < parsers.length; c++) {
            if (sources[c] < 0) {
                continue;
            }
            int field = sources[c];
            Outcome outcome = cells.take(from, field, parsers[c]);
            for (int a = 0; outcome == Outcome.EMPTY && a < alternatives[c].length; a++) {
                field = alternatives[c][a];
                outcome = cells.take(from, field, parsers[c]);
            }
            Reject.Reason reason = judge(c, outcome);
            if (reason != null) {
                String value = cells.text(from, field);
                refuse(reason, columns.get(c), 0, value, cells.text(from), sentence(reason, columns.get(c), value));
                return null;
            }
        }
        return judge(write(), null, () -> cells.text(from));
    }

    private boolean readCells(CsvRecords record) {
        reject = null;
        if (record.unclosedQuote()) {
            return refuseRow(record, Reject.Reason.UNCLOSED_QUOTE, "a quote is opened and never closed");
        }
        int expected = layout.header().size();
        if (record.fields() != expected && !toleratesFields(record, expected)) {
            return refuseRow(
                    record,
                    record.fields() < expected ? Reject.Reason.TOO_FEW_FIELDS : Reject.Reason.TOO_MANY_FIELDS,
                    "the row has %d fields, the header has %d".formatted(record.fields(), expected));
        }
        for (int c = 0; c < parsers.length; c++) {
            int field = sources[c];
            if (field < 0) {
                continue;
            }
            Outcome outcome = parsers[c].parse(record.bytes(), record.start(field), record.end(field));
            for (int a = 0; outcome == Outcome.EMPTY && a < alternatives[c].length; a++) {
                field = alternatives[c][a];
                outcome = parsers[c].parse(record.bytes(), record.start(field), record.end(field));
            }
            Reject.Reason reason = judge(c, outcome);
            if (reason != null) {
                Column column = columns.get(c);
                int shown = Math.min(SHOWN_BYTES, record.end(field) - record.start(field));
                String value = new String(record.bytes(), record.start(field), shown, StandardCharsets.UTF_8);
                refuse(reason, column, record.line(), value, record.text(), sentence(reason, column, value));
                return false;
            }
        }
        return true;
    }

    private UnsafeRow write() {
        writer.reset();
        writer.zeroOutNullBytes();
        for (int c = 0; c < parsers.length; c++) {
            if (sources[c] < 0) {
                Object value = fixed[c];
                if (value == null) {
                    setNull(c);
                } else {
                    byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                    parsers[c].parse(text, 0, text.length);
                    parsers[c].write(writer, c);
                }
            } else if (empty[c]) {
                setNull(c);
            } else {
                parsers[c].write(writer, c);
            }
        }
        return writer.getRow();
    }

    /** A decimal of more than 18 digits keeps its room, as Spark's own rows do. */
    private void setNull(int c) {
        if (columns.get(c).type() instanceof org.apache.spark.sql.types.DecimalType d && d.precision() > 18) {
            writer.write(c, (org.apache.spark.sql.types.Decimal) null, d.precision(), d.scale());
        } else {
            writer.setNullAt(c);
        }
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
        counts.extraEmptyFields++;
        return true;
    }

    private Reject.@Nullable Reason judge(int c, Outcome outcome) {
        empty[c] = false;
        switch (outcome) {
            case EXACT -> {}
            case REWRITTEN -> counts.rewritten[c]++;
            case ROUNDED -> {
                if (!lenient) {
                    return Reject.Reason.NOT_OF_TYPE;
                }
                counts.rounded[c]++;
            }
            case EMPTY -> {
                empty[c] = true;
                return columns.get(c).nullable() ? null : Reject.Reason.EMPTY_CELL;
            }
            case NOT_OF_TYPE -> {
                return Reject.Reason.NOT_OF_TYPE;
            }
            case OUT_OF_RANGE -> {
                return Reject.Reason.OUT_OF_RANGE;
            }
        }
        return !columns.get(c).nullable() && parsers[c].isNaN() ? Reject.Reason.NAN_CELL : null;
    }

    /** Says how the row looks in its file. */
    private interface Shown {
        String text();
    }

    private @Nullable UnsafeRow judge(UnsafeRow row, @Nullable CsvRecords record, @Nullable Shown shown) {
        for (int r = 0; r < tests.length; r++) {
            if (!tests[r].appliesTo(row)) {
                continue;
            }
            Table.Rule rule = rules.get(r);
            if (!rule.refuses()) {
                counts.flagged[r]++;
                continue;
            }
            String text = record != null ? record.text() : shown == null ? "" : shown.text();
            reject = new Reject(
                    Reject.Reason.RULE,
                    rule.name(),
                    layout.file(),
                    record == null ? 0 : record.line(),
                    "",
                    "",
                    text,
                    rule.problem());
            return null;
        }
        return row;
    }

    private static String sentence(Reject.Reason reason, Column column, String value) {
        String type = column.type().catalogString();
        return switch (reason) {
            case EMPTY_CELL -> "the cell is empty, a value of type %s was expected".formatted(type);
            case NAN_CELL -> "the cell is NaN, a number was expected";
            case OUT_OF_RANGE -> "'%s' does not fit into type %s".formatted(value, type);
            default -> "'%s' is not of type %s".formatted(value, type);
        };
    }

    private boolean refuseRow(CsvRecords record, Reject.Reason reason, String what) {
        refuse(reason, null, record.line(), "", record.text(), what);
        return false;
    }

    private void refuse(
            Reject.Reason reason, @Nullable Column column, long line, String value, String row, String what) {
        String name = column == null ? "" : column.name();
        reject = new Reject(reason, "", layout.file(), line, name, value, row, what);
    }

    Table table() {
        return table;
    }
}
