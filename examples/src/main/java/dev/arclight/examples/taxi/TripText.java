package dev.arclight.examples.taxi;

import dev.arclight.examples.taxi.TripShape.Style;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;

/** Writes trips as CSV, in a shape or as what they mean. Not safe for use by many threads. */
final class TripText {
    private static final String[] VENDORS = {"", "CMT", "VTS", "DDS"};
    private static final String[] PAYMENTS = {"", "CRD", "CSH", "NOC", "DIS"};

    private final OutputStream out;
    private final TripShape shape;
    private final boolean truth;
    private final StringBuilder line = new StringBuilder(512);
    private final MathContext seventeen = new MathContext(17, RoundingMode.HALF_EVEN);

    private TripText(OutputStream out, TripShape shape, boolean truth) {
        this.out = out;
        this.shape = shape;
        this.truth = truth;
    }

    static TripText of(OutputStream out, TripShape shape) {
        return new TripText(out, shape, false);
    }

    /** The declared columns that the shape has, plain. */
    static TripText truth(OutputStream out, TripShape shape) {
        List<TripField> fields = shape.fields().stream().distinct().toList();
        return new TripText(
                out,
                new TripShape(
                        shape.name(),
                        shape.service(),
                        shape.from(),
                        shape.to(),
                        fields.stream().map(TripField::column).toList(),
                        fields,
                        EnumSet.noneOf(Style.class)),
                true);
    }

    void header() throws IOException {
        String separator = shape.is(Style.SPACED_HEADER) ? ", " : ",";
        String quote = shape.is(Style.QUOTED) ? "\"" : "";
        line.setLength(0);
        line.append(quote)
                .append(String.join(quote + separator + quote, shape.header()))
                .append(quote);
        if (shape.is(Style.TRAILING_SPACE)) {
            line.append(' ');
        }
        if (shape.is(Style.BLANK_LINE)) {
            line.append("\n\r\n");
            write();
        } else {
            end();
        }
    }

    void row(TripMaker trip) throws IOException {
        row(trip, "");
    }

    /** The trip with {@code word} in the place of its time. */
    void badRow(TripMaker trip, String word) throws IOException {
        row(trip, word);
    }

    private void row(TripMaker trip, String word) throws IOException {
        line.setLength(0);
        boolean quoted = shape.is(Style.QUOTED);
        for (int f = 0; f < shape.fields().size(); f++) {
            if (f > 0) {
                line.append(',');
            }
            if (quoted) {
                line.append('"');
            }
            TripField field = shape.fields().get(f);
            if (field == TripField.PICKUP_DATETIME && !word.isEmpty()) {
                line.append(word);
            } else if (!trip.isMissing(field)) {
                value(field.kind, trip.value(field));
            }
            if (quoted) {
                line.append('"');
            }
        }
        if (shape.is(Style.SURPLUS)) {
            line.append(",,");
        }
        end();
    }

    /** A line as it stands. */
    void line(String text) throws IOException {
        line.setLength(0);
        line.append(text);
        end();
    }

    void flush() throws IOException {
        out.flush();
    }

    private void value(TripField.Kind kind, long value) {
        switch (kind) {
            case WHOLE -> {
                line.append(value);
                if (shape.is(Style.POINT_ZERO)) {
                    line.append(".0");
                }
            }
            case HUNDREDTHS -> number(value, 2);
            case THOUSANDTHS -> number(value, 3);
            case MILLIONTHS -> number(value, 6);
            case SECONDS -> moment(value);
            case YES -> line.append(value == 1 ? 'Y' : 'N');
            case VENDOR -> {
                if (shape.is(Style.WORDS) || value == 3) {
                    line.append(VENDORS[(int) value]);
                } else {
                    line.append(value);
                }
            }
            case PAYMENT -> {
                if (shape.is(Style.WORDS)) {
                    line.append(PAYMENTS[(int) value]);
                } else {
                    line.append(value);
                }
            }
            case BASE -> padded(line.append('B'), value, 5);
            case LICENSE -> padded(line.append("HV"), value, 4);
            case NOTHING -> {}
        }
    }

    private void number(long unscaled, int scale) {
        if (shape.is(Style.SEVENTEEN_DIGITS)) {
            BigDecimal exact =
                    new BigDecimal(BigDecimal.valueOf(unscaled, scale).doubleValue());
            line.append(exact.round(seventeen).stripTrailingZeros().toPlainString());
            return;
        }
        if (unscaled < 0) {
            line.append('-');
        }
        long size = Math.abs(unscaled);
        long one = scale == 2 ? 100 : scale == 3 ? 1_000 : 1_000_000;
        long whole = size / one;
        long rest = size % one;
        if (truth || whole != 0 || rest == 0) { // .88 for 0.88, as the TLC wrote it
            line.append(whole);
        }
        if (rest != 0) {
            int digits = scale;
            while (rest % 10 == 0) {
                rest /= 10;
                digits--;
            }
            padded(line.append('.'), rest, digits);
        }
    }

    private static void padded(StringBuilder into, long value, int digits) {
        int length = value == 0 ? 1 : (int) Math.log10((double) value) + 1;
        for (int i = length; i < digits; i++) {
            into.append('0');
        }
        into.append(value);
    }

    private long day = Long.MIN_VALUE;
    private String date = "";

    private void moment(long second) {
        long days = Math.floorDiv(second, 86_400L);
        int rest = (int) Math.floorMod(second, 86_400L);
        if (days != day) {
            LocalDateTime moment = LocalDateTime.ofEpochSecond(days * 86_400, 0, ZoneOffset.UTC);
            date = shape.is(Style.DAY_FIRST)
                    ? "%02d/%02d/%d ".formatted(moment.getDayOfMonth(), moment.getMonthValue(), moment.getYear())
                    : moment.toLocalDate() + " ";
            day = days;
        }
        line.append(date);
        padded(line, rest / 3_600, shape.is(Style.DAY_FIRST) ? 1 : 2);
        padded(line.append(':'), rest / 60 % 60, 2);
        padded(line.append(':'), rest % 60, 2);
    }

    private void end() throws IOException {
        line.append(shape.is(Style.CRLF) || shape.is(Style.BLANK_LINE) ? "\r\n" : "\n");
        write();
    }

    private void write() throws IOException {
        out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
