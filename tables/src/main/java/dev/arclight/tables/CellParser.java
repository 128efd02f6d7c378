package dev.arclight.tables;

import com.fasterxml.jackson.core.io.NumberInput;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns one column's cells, text or typed, into values of the declared type. Not safe for use by many threads. */
final class CellParser extends CellValue {
    /** Powers of ten that a double holds exactly. */
    private static final double[] EXACT_TENS = new double[23];

    static {
        EXACT_TENS[0] = 1;
        for (int i = 1; i < EXACT_TENS.length; i++) {
            EXACT_TENS[i] = EXACT_TENS[i - 1] * 10;
        }
    }

    private final Map<String, String> values;
    /** By a cell's first byte, whether a mapped value can begin so: spares most cells the look into the map. */
    private final boolean[] mappedFirst = new boolean[256];

    private final Moments moments;

    CellParser(Column column) {
        super(column.type());
        this.values = new HashMap<>();
        column.values().forEach((from, to) -> values.put(from.toLowerCase(Locale.ROOT), to));
        for (String key : values.keySet()) {
            if (!key.isEmpty()) {
                mappedFirst[key.charAt(0) & 0x7F] = true;
                mappedFirst[Character.toUpperCase(key.charAt(0)) & 0x7F] = true;
            }
        }
        if (!values.isEmpty()) {
            Arrays.fill(mappedFirst, 128, 256, true); // beyond ASCII the map is always asked
        }
        this.moments = new Moments(column.formats());
    }

    /** Reads the cell in {@code bytes[start, end)}, surrounding spaces left out. The bytes are kept, not copied. */
    Outcome parse(byte[] bytes, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && bytes[from] == ' ') {
            from++;
        }
        while (to > from && bytes[to - 1] == ' ') {
            to--;
        }
        if (from == to) {
            return end(Outcome.EMPTY);
        }
        outcome = Outcome.EXACT;
        if (mappedFirst[bytes[from] & 0xFF]) {
            String mapped = values.get(string(bytes, from, to).toLowerCase(Locale.ROOT));
            if (mapped != null) {
                byte[] other = mapped.getBytes(StandardCharsets.UTF_8);
                parseTrimmed(other, 0, other.length);
                return end(outcome == Outcome.EXACT ? Outcome.REWRITTEN : outcome);
            }
        }
        parseTrimmed(bytes, from, to);
        return outcome;
    }

    private void parseTrimmed(byte[] bytes, int from, int to) {
        switch (kind) {
            case INTEGER, LONG -> parseLong(bytes, from, to);
            case DOUBLE, FLOAT -> parseDouble(bytes, from, to);
            case DECIMAL -> parseDecimal(bytes, from, to);
            case BOOLEAN -> parseBoolean(string(bytes, from, to));
            case DATE, TIMESTAMP -> {
                outcome = moments.parse(bytes, from, to);
                if (outcome != Outcome.NOT_OF_TYPE) {
                    moment(moments.micros());
                }
            }
            case TEXT -> {
                text = bytes;
                textStart = from;
                textEnd = to;
            }
        }
    }

    /** Takes a whole number. */
    Outcome take(long value) {
        outcome = Outcome.EXACT;
        switch (kind) {
            case INTEGER, LONG -> whole(value);
            case DOUBLE, FLOAT -> {
                real = kind == Kind.FLOAT ? (float) value : value;
                if ((long) real != value) {
                    outcome = Outcome.ROUNDED;
                }
            }
            case DECIMAL -> decimal(BigDecimal.valueOf(value));
            case BOOLEAN -> {
                bits = value;
                outcome = value == 0 || value == 1 ? Outcome.REWRITTEN : Outcome.NOT_OF_TYPE;
            }
            case TEXT -> takeText(Long.toString(value));
            case DATE, TIMESTAMP -> outcome = Outcome.NOT_OF_TYPE;
        }
        return outcome;
    }

    /** Takes a binary number; NaN is a missing value to every type that cannot hold it. */
    Outcome take(double value) {
        outcome = Outcome.EXACT;
        if (kind == Kind.DOUBLE || kind == Kind.FLOAT) {
            real(value);
            return outcome;
        }
        if (Double.isNaN(value)) {
            return end(Outcome.EMPTY);
        }
        if (kind == Kind.DECIMAL && precision <= 15 && scale <= 15) {
            // The decimal that a shortest printed double means, without printing it: it converts back to the same.
            double scaled = Math.rint(value * EXACT_TENS[scale]);
            if (Math.abs(scaled) < 1e15 && scaled / EXACT_TENS[scale] == value) {
                decimal((long) scaled, false);
                return outcome;
            }
        }
        if (Double.isInfinite(value)) {
            return end(kind == Kind.TEXT ? takeText(Double.toString(value)) : Outcome.OUT_OF_RANGE);
        }
        return take(BigDecimal.valueOf(value));
    }

    /** Takes a decimal number. */
    Outcome take(BigDecimal value) {
        outcome = Outcome.EXACT;
        switch (kind) {
            case DOUBLE, FLOAT -> number(value.doubleValue());
            case DECIMAL -> decimal(value);
            case TEXT -> takeText(value.toPlainString());
            case INTEGER, LONG, BOOLEAN -> {
                try {
                    take(value.longValueExact());
                    outcome = outcome == Outcome.EXACT ? Outcome.REWRITTEN : outcome;
                } catch (ArithmeticException e) {
                    outcome = value.stripTrailingZeros().scale() > 0 ? Outcome.NOT_OF_TYPE : Outcome.OUT_OF_RANGE;
                }
            }
            case DATE, TIMESTAMP -> outcome = Outcome.NOT_OF_TYPE;
        }
        return outcome;
    }

    /** Takes a moment in microseconds since 1970, without a time zone. */
    Outcome takeMicros(long micros) {
        outcome = Outcome.EXACT;
        if (kind == Kind.TEXT) {
            return takeText(Moments.dateTime(micros).toString().replace('T', ' '));
        }
        if (kind != Kind.DATE && kind != Kind.TIMESTAMP) {
            return end(Outcome.NOT_OF_TYPE);
        }
        moment(micros);
        return outcome;
    }

    private void parseLong(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = bytes[i] == '-';
        if (negative || bytes[i] == '+') {
            i++;
        }
        int first = i;
        long value = 0;
        while (i < to && i - first < 18 && bytes[i] >= '0' && bytes[i] <= '9') {
            value = value * 10 + (bytes[i] - '0');
            i++;
        }
        int digits = i - first;
        if (digits > 0 && i < to && bytes[i] == '.') { // 1.0
            i++;
            while (i < to && bytes[i] == '0') {
                i++;
            }
            outcome = Outcome.REWRITTEN;
        }
        if (digits > 0 && i == to) {
            whole(negative ? -value : value);
            return;
        }
        BigDecimal decimal = bigDecimal(bytes, from, to);
        if (decimal != null) {
            take(decimal);
        }
    }

    private void parseDouble(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = bytes[i] == '-';
        if (negative) {
            i++;
        }
        long value = 0;
        int digits = 0;
        int point = -1;
        for (; i < to && digits < 16; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9') {
                value = value * 10 + (b - '0');
                digits++;
            } else if (b == '.' && point < 0) {
                point = i;
            } else {
                break;
            }
        }
        if (i == to && digits > 0 && digits <= 15) { // both exact, so the quotient is the nearest (Clinger 1990)
            double magnitude = point < 0 ? value : value / EXACT_TENS[to - point - 1];
            number(negative ? -magnitude : magnitude);
            return;
        }
        String number = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        byte last = bytes[to - 1];
        boolean suffix = last == 'f' || last == 'F' || last == 'd' || last == 'D'; // Java's own, no number elsewhere
        try {
            if (suffix || !anyDigit(bytes, from, to)) {
                real = special(number);
            } else {
                number(NumberInput.parseDouble(number, true));
            }
        } catch (NumberFormatException e) {
            real = special(number);
        }
    }

    private double special(String number) {
        switch (number.toLowerCase(Locale.ROOT)) {
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
                return 0;
            }
        }
    }

    private void parseDecimal(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = bytes[i] == '-';
        if (negative || bytes[i] == '+') {
            i++;
        }
        long value = 0;
        int digits = 0;
        int fraction = -1;
        for (; i < to && digits <= 18; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9') {
                value = value * 10 + (b - '0');
                digits += value == 0 ? 0 : 1;
                fraction += fraction < 0 ? 0 : 1;
            } else if (b == '.' && fraction < 0) {
                fraction = 0;
            } else {
                break;
            }
        }
        int places = Math.max(0, fraction);
        boolean plain = i == to && digits <= 18 && places <= 18;
        if (!plain || precision > 18 || (value == 0 && !anyDigit(bytes, from, to))) {
            BigDecimal decimal = bigDecimal(bytes, from, to);
            if (decimal != null) {
                decimal(decimal);
            }
            return;
        }
        boolean rounded = false;
        if (places > scale) {
            long divisor = TENS[places - scale];
            long rest = value % divisor;
            value = value / divisor + (rest >= divisor - rest ? 1 : 0);
            rounded = rest != 0;
        } else if (places < scale) {
            if (value >= TENS[Math.max(0, precision - (scale - places))]) {
                outcome = Outcome.OUT_OF_RANGE;
                return;
            }
            value *= TENS[scale - places];
        }
        decimal(negative ? -value : value, rounded);
    }

    private static boolean anyDigit(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                return true;
            }
        }
        return false;
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

    private void parseBoolean(String value) {
        switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> bits = 1;
            case "false" -> bits = 0;
            case "t", "y", "yes", "1" -> {
                bits = 1;
                outcome = Outcome.REWRITTEN;
            }
            case "f", "n", "no", "0" -> {
                bits = 0;
                outcome = Outcome.REWRITTEN;
            }
            default -> outcome = Outcome.NOT_OF_TYPE;
        }
    }
}
