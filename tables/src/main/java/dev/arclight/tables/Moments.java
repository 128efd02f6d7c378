package dev.arclight.tables;

import dev.arclight.tables.CellValue.Outcome;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates and times without a time zone, ISO first, as microseconds since 1970. Not safe for use by many threads.
 */
final class Moments {
    static final long MICROS_A_DAY = 86_400_000_000L;

    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private final List<DateTimeFormatter> formats;
    private long micros;

    Moments(List<String> patterns) {
        this.formats = patterns.stream()
                .map(p -> DateTimeFormatter.ofPattern(p, Locale.ROOT))
                .toList();
    }

    /** The moment that the last {@link #parse} read. */
    long micros() {
        return micros;
    }

    static LocalDateTime dateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1_000, ZoneOffset.UTC);
    }

    /** EXACT for ISO, REWRITTEN for another known format, else NOT_OF_TYPE. */
    Outcome parse(byte[] bytes, int from, int to) {
        if (plain(bytes, from, to)) {
            return Outcome.EXACT;
        }
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        LocalDateTime iso = tryParse(
                text.replace(' ', 'T'),
                text.length() == 10 ? DateTimeFormatter.ISO_LOCAL_DATE : DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        if (iso != null) {
            take(iso);
            return Outcome.EXACT;
        }
        for (DateTimeFormatter format : formats) {
            LocalDateTime value = tryParse(text, format);
            if (value != null) {
                take(value);
                return Outcome.REWRITTEN;
            }
        }
        return Outcome.NOT_OF_TYPE;
    }

    private void take(LocalDateTime value) {
        micros = ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), value);
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

    /** {@code yyyy-MM-dd HH:mm:ss}, by far the most common form, without an object. */
    private boolean plain(byte[] bytes, int from, int to) {
        if (to - from != 19
                || bytes[from + 4] != '-'
                || bytes[from + 7] != '-'
                || (bytes[from + 10] != ' ' && bytes[from + 10] != 'T')
                || bytes[from + 13] != ':'
                || bytes[from + 16] != ':') {
            return false;
        }
        int year = digits(bytes, from, 4);
        int month = digits(bytes, from + 5, 2);
        int day = digits(bytes, from + 8, 2);
        int hour = digits(bytes, from + 11, 2);
        int minute = digits(bytes, from + 14, 2);
        int second = digits(bytes, from + 17, 2);
        if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || minute < 0 || second < 0) {
            return false;
        }
        boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
        int last = month == 2 && leap ? 29 : DAYS[month - 1];
        if (day > last || hour > 23 || minute > 59 || second > 59) {
            return false;
        }
        micros = (epochDay(year, month, day) * 86_400 + hour * 3_600L + minute * 60L + second) * 1_000_000L;
        return true;
    }

    /** Days since 1970 in the Gregorian calendar, counted in years that begin in March. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int m = month <= 2 ? month + 9 : month - 3;
        long days = 365L * y + Math.floorDiv(y, 4) - Math.floorDiv(y, 100) + Math.floorDiv(y, 400);
        return days + (153 * m + 2) / 5 + day - 1 - 719_468;
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
