package dev.arclight.tables;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.jspecify.annotations.Nullable;

/**
 * Turns the text of one column's cells into values of the declared type. Holds the outcome of the last call, so that
 * good cells cost no more object than their value. Not safe for use by many threads.
 */
final class CellParser {
    /** What became of a cell. */
    enum Outcome {
        /** The value is what the cell says. */
        EXACT,
        /** The value is what the cell says, which was written in another form ({@code 1.0} for 1, 31/12/2020). */
        REWRITTEN,
        /** Digits were rounded away. */
        ROUNDED,
        /** No value: the cell is empty. */
        EMPTY,
        /** No value: not of the type. */
        NOT_OF_TYPE,
        /** No value: more than the type can hold. */
        OUT_OF_RANGE
    }

    private final DataType type;
    private final List<DateTimeFormatter> formats = new ArrayList<>();
    private Outcome outcome = Outcome.EMPTY;

    CellParser(Column column) {
        this.type = column.type();
        for (String pattern : column.formats()) {
            formats.add(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
        }
    }

    /** What became of the cell given to the last {@link #parse}. */
    Outcome outcome() {
        return outcome;
    }

    /**
     * The value of the cell in {@code bytes[start, end)}, surrounding spaces left out, as the Java type that Spark's
     * rows hold; null if there is none, and {@link #outcome()} says why.
     */
    @Nullable Object parse(byte[] bytes, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && bytes[from] == ' ') {
            from++;
        }
        while (to > from && bytes[to - 1] == ' ') {
            to--;
        }
        if (from == to) {
            outcome = Outcome.EMPTY;
            return null;
        }
        outcome = Outcome.EXACT;
        if (type instanceof DoubleType) {
            return parseDouble(bytes, from, to);
        }
        if (type instanceof IntegerType) {
            Long value = parseLong(bytes, from, to);
            if (value == null) {
                return null;
            }
            if (value != value.intValue()) {
                outcome = Outcome.OUT_OF_RANGE;
                return null;
            }
            return value.intValue();
        }
        if (type instanceof LongType) {
            return parseLong(bytes, from, to);
        }
        if (type instanceof DecimalType decimal) {
            return parseDecimal(bytes, from, to, decimal);
        }
        if (type instanceof FloatType) {
            Double value = parseDouble(bytes, from, to);
            return value == null ? null : Float.valueOf(value.floatValue());
        }
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (type instanceof BooleanType) {
            return parseBoolean(text);
        }
        if (type instanceof DateType) {
            LocalDateTime moment = parseDateTime(bytes, from, to, text, true);
            return moment == null ? null : moment.toLocalDate();
        }
        if (type instanceof org.apache.spark.sql.types.TimestampNTZType) {
            return parseDateTime(bytes, from, to, text, false);
        }
        return text;
    }

    private @Nullable Double parseDouble(byte[] bytes, int from, int to) {
        byte last = bytes[to - 1];
        if (last == 'f' || last == 'F' || last == 'd' || last == 'D') { // Java's own suffixes are no numbers elsewhere
            outcome = Outcome.NOT_OF_TYPE;
            return null;
        }
        try {
            return Double.valueOf(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            switch (text) {
                case "nan" -> {
                    return Double.NaN;
                }
                case "inf", "+inf", "infinity", "+infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-inf", "-infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> {
                    outcome = Outcome.NOT_OF_TYPE;
                    return null;
                }
            }
        }
    }

    private @Nullable Long parseLong(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = bytes[i] == '-';
        if (negative || bytes[i] == '+') {
            i++;
        }
        long value = 0;
        boolean plain = i < to && to - i <= 18;
        for (; plain && i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                plain = false;
            }
            value = value * 10 + digit;
        }
        if (plain) {
            return negative ? -value : value;
        }
        BigDecimal decimal = bigDecimal(bytes, from, to);
        if (decimal == null) {
            return null;
        }
        try {
            Long whole = decimal.longValueExact();
            outcome = Outcome.REWRITTEN;
            return whole;
        } catch (ArithmeticException e) {
            outcome = decimal.stripTrailingZeros().scale() > 0 ? Outcome.NOT_OF_TYPE : Outcome.OUT_OF_RANGE;
            return null;
        }
    }

    private @Nullable BigDecimal parseDecimal(byte[] bytes, int from, int to, DecimalType type) {
        BigDecimal value = bigDecimal(bytes, from, to);
        if (value == null) {
            return null;
        }
        BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.compareTo(value) != 0) {
            outcome = Outcome.ROUNDED;
        }
        if (scaled.precision() > type.precision()) {
            outcome = Outcome.OUT_OF_RANGE;
            return null;
        }
        return scaled;
    }

    private @Nullable BigDecimal bigDecimal(byte[] bytes, int from, int to) {
        try {
            BigDecimal value = new BigDecimal(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
            if (Math.abs((long) value.scale()) > 1_000
                    || value.precision() > 1_000) { // 1e999999999 would fill the heap
                outcome = Outcome.OUT_OF_RANGE;
                return null;
            }
            return value;
        } catch (NumberFormatException e) {
            outcome = Outcome.NOT_OF_TYPE;
            return null;
        }
    }

    private @Nullable Boolean parseBoolean(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> {
                return true;
            }
            case "false" -> {
                return false;
            }
            case "t", "y", "yes", "1" -> {
                outcome = Outcome.REWRITTEN;
                return true;
            }
            case "f", "n", "no", "0" -> {
                outcome = Outcome.REWRITTEN;
                return false;
            }
            default -> {
                outcome = Outcome.NOT_OF_TYPE;
                return null;
            }
        }
    }

    private @Nullable LocalDateTime parseDateTime(byte[] bytes, int from, int to, String text, boolean dateOnly) {
        LocalDateTime plain = plainDateTime(bytes, from, to);
        if (plain != null) {
            return noTimeLost(plain, dateOnly);
        }
        LocalDateTime iso = tryParse(
                text.replace(' ', 'T'),
                text.length() == 10 ? DateTimeFormatter.ISO_LOCAL_DATE : DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        if (iso != null) {
            return noTimeLost(iso, dateOnly);
        }
        for (DateTimeFormatter format : formats) {
            LocalDateTime value = tryParse(text, format);
            if (value != null) {
                outcome = Outcome.REWRITTEN;
                return noTimeLost(value, dateOnly);
            }
        }
        outcome = Outcome.NOT_OF_TYPE;
        return null;
    }

    private static @Nullable LocalDateTime tryParse(String text, DateTimeFormatter format) {
        ParsePosition position = new ParsePosition(0);
        TemporalAccessor parsed = format.parseUnresolved(text, position); // no exception for the wrong format
        if (parsed == null || position.getIndex() != text.length()) {
            return null;
        }
        try {
            TemporalAccessor resolved = format.parseBest(text, LocalDateTime::from, LocalDate::from);
            return resolved instanceof LocalDateTime moment
                    ? moment
                    : LocalDate.from(resolved).atStartOfDay();
        } catch (DateTimeException e) {
            return null; // such as day 31 of February
        }
    }

    private LocalDateTime noTimeLost(LocalDateTime value, boolean dateOnly) {
        if (dateOnly && !value.equals(value.toLocalDate().atStartOfDay())) {
            outcome = Outcome.ROUNDED;
        }
        return value;
    }

    /** {@code yyyy-MM-dd HH:mm:ss}, by far the most common form, without a formatter; null for any other. */
    private static @Nullable LocalDateTime plainDateTime(byte[] bytes, int from, int to) {
        if (to - from != 19
                || bytes[from + 4] != '-'
                || bytes[from + 7] != '-'
                || (bytes[from + 10] != ' ' && bytes[from + 10] != 'T')
                || bytes[from + 13] != ':'
                || bytes[from + 16] != ':') {
            return null;
        }
        int year = digits(bytes, from, 4);
        int month = digits(bytes, from + 5, 2);
        int day = digits(bytes, from + 8, 2);
        int hour = digits(bytes, from + 11, 2);
        int minute = digits(bytes, from + 14, 2);
        int second = digits(bytes, from + 17, 2);
        if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
            return null;
        }
        try {
            return LocalDateTime.of(year, month, day, hour, minute, second);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int digits(byte[] bytes, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
