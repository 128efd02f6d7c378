package dev.arclight.tables;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The records of a CSV stream (RFC 4180, any one-byte separator, line ends LF, CRLF or a mix), one at a time, as fields
 * that lie in a buffer which the next record overwrites. A byte order mark is passed over. Not safe for use by many
 * threads.
 */
final class CsvRecords implements Closeable {
    private static final int MAX_RECORD_BYTES = 16 << 20;

    private final InputStream in;
    private final byte separator;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long consumed;

    private byte[] record = new byte[1 << 10];
    private int length;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int fields;
    private boolean unclosedQuote;
    private Quotes quotes = Quotes.FIELD_BEGINS;
    private int scanned;
    private long line;
    private long nextLine = 1;
    private long recordOffset;
    private long lastLineOffset;

    /** What the bytes of the record that were looked at so far mean for the next one. */
    private enum Quotes {
        FIELD_BEGINS,
        /** No quote began the field, or the one that did is closed: a quote is a character like others. */
        PLAIN,
        QUOTED,
        /** After a quote inside quotes: the first half of an escaped one, or the closing one. */
        QUOTE
    }

    CsvRecords(InputStream in, char separator) {
        this.in = in;
        this.separator = (byte) separator;
    }

    /** Bytes of the stream used up by the records so far. */
    long consumedBytes() {
        return consumed;
    }

    /** Lines of the stream read so far. */
    long lines() {
        return nextLine - 1;
    }

    /** Line, from 1, on which the current record begins. */
    long line() {
        return line;
    }

    /** Offset in the stream at which the current record begins. */
    long offset() {
        return recordOffset;
    }

    /** Offset in the stream of the last line of the current record: more than {@link #offset} if it has several. */
    long lastLineOffset() {
        return lastLineOffset;
    }

    /** Passes over the rest of a line: a reader that starts inside a file does this to find the first whole record. */
    void skipLine() throws IOException {
        readLine();
        nextLine = 1; // lines count from the first record that is this reader's
    }

    /** Whether the current record's last quote is never closed, so that its fields mean nothing. */
    boolean unclosedQuote() {
        return unclosedQuote;
    }

    /** Number of fields of the current record. A blank line has one, empty. */
    int fields() {
        return fields;
    }

    /** Whether the current record is a blank line. */
    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (record[i] > ' ' || record[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes behind {@link #start} and {@link #end}; valid until the next record. */
    byte[] bytes() {
        return record;
    }

    int start(int field) {
        return starts[field];
    }

    int end(int field) {
        return ends[field];
    }

    String field(int field) {
        return new String(record, starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
    }

    /** The current record as it stands in the file but without its line end, cut after 1,000 bytes. */
    String text() {
        return new String(raw, 0, Math.min(rawLength, 1_000), StandardCharsets.UTF_8);
    }

    private byte[] raw = new byte[0];
    private int rawLength;

    /** Moves to the next record. False at the end of the stream. */
    boolean next() throws IOException {
        line = nextLine;
        recordOffset = consumed;
        lastLineOffset = consumed;
        length = 0;
        if (!readLine()) {
            return false;
        }
        if (line == 1
                && length >= 3
                && record[0] == (byte) 0xEF
                && record[1] == (byte) 0xBB
                && record[2] == (byte) 0xBF) {
            System.arraycopy(record, 3, record, 0, length - 3);
            length -= 3;
        }
        unclosedQuote = false;
        quotes = Quotes.FIELD_BEGINS;
        scanned = 0;
        if (splitPlain()) {
            raw = record;
            rawLength = length;
        } else {
            splitQuoted();
        }
        return true;
    }

    /** False if there is a quote: then nothing is known yet. */
    private boolean splitPlain() {
        fields = 0;
        int start = 0;
        byte[] bytes = record;
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (b == separator) {
                addField(start, i);
                start = i + 1;
            } else if (b == '"') {
                return false;
            }
        }
        addField(start, length);
        return true;
    }

    /** Fields are unescaped in place: what is written never overtakes what is read. */
    private void splitQuoted() throws IOException {
        while (endsInsideQuotes()) {
            int before = length;
            append((byte) '\n');
            lastLineOffset = consumed;
            if (!readLine()) {
                length = before;
                unclosedQuote = true;
                break;
            }
        }
        raw = Arrays.copyOf(record, length);
        rawLength = length;
        fields = 0;
        int read = 0;
        int write = 0;
        while (true) {
            int start = write;
            if (read < length && record[read] == '"') {
                read++;
                while (read < length) {
                    if (record[read] == '"') {
                        if (read + 1 < length && record[read + 1] == '"') {
                            read++;
                        } else {
                            break;
                        }
                    }
                    record[write++] = record[read++];
                }
                read++; // the closing quote; anything up to the separator is kept as it stands
            }
            while (read < length && record[read] != separator) {
                record[write++] = record[read++];
            }
            addField(start, write);
            if (read >= length) {
                return;
            }
            read++;
        }
    }

    /** Goes on from the last look: a cell of many lines is looked at once, not once for each of its lines. */
    private boolean endsInsideQuotes() {
        for (; scanned < length; scanned++) {
            byte b = record[scanned];
            quotes = switch (quotes) {
                case FIELD_BEGINS -> b == '"' ? Quotes.QUOTED : outside(b);
                case PLAIN -> outside(b);
                case QUOTED -> b == '"' ? Quotes.QUOTE : Quotes.QUOTED;
                case QUOTE -> b == '"' ? Quotes.QUOTED : outside(b);
            };
        }
        return quotes == Quotes.QUOTED;
    }

    private Quotes outside(byte b) {
        return b == separator ? Quotes.FIELD_BEGINS : Quotes.PLAIN;
    }

    private void addField(int start, int end) {
        if (fields == starts.length) {
            starts = Arrays.copyOf(starts, fields * 2);
            ends = Arrays.copyOf(ends, fields * 2);
        }
        starts[fields] = start;
        ends[fields] = end;
        fields++;
    }

    /** Appends one physical line to the record, without its line end. False at the end of the stream. */
    private boolean readLine() throws IOException {
        boolean any = false;
        while (true) {
            if (position == limit) {
                limit = Math.max(0, in.read(buffer, 0, buffer.length));
                position = 0;
                if (limit == 0) {
                    if (any) {
                        nextLine++;
                        dropCarriageReturn();
                    }
                    return any;
                }
            }
            any = true;
            int from = position;
            int to = from;
            while (to < limit && buffer[to] != '\n') {
                to++;
            }
            ensure(to - from);
            System.arraycopy(buffer, from, record, length, to - from);
            length += to - from;
            consumed += to - from;
            position = to;
            if (to < limit) {
                position++;
                consumed++;
                nextLine++;
                dropCarriageReturn();
                return true;
            }
        }
    }

    private void dropCarriageReturn() {
        if (length > 0 && record[length - 1] == '\r') {
            length--;
        }
    }

    private void append(byte b) throws IOException {
        ensure(1);
        record[length++] = b;
    }

    private void ensure(int more) throws IOException {
        if (length + more > MAX_RECORD_BYTES) {
            throw new IOException("the record that begins on line %d is longer than %d bytes: is a quote left open?"
                    .formatted(line, MAX_RECORD_BYTES));
        }
        if (length + more > record.length) {
            record = Arrays.copyOf(record, Math.max(record.length * 2, length + more));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
