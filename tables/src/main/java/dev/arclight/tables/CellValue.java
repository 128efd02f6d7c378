package dev.arclight.tables;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.jspecify.annotations.Nullable;

/**
 * Holds the outcome and the value of a column's last cell, so that cells cost no object of their own on the way to
 * Spark's binary rows. Not safe for use by many threads.
 */
abstract sealed class CellValue permits CellParser {
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

    enum Kind {
        INTEGER,
        LONG,
        FLOAT,
        DOUBLE,
        DECIMAL,
        TEXT,
        BOOLEAN,
        DATE,
        TIMESTAMP
    }

    static final long[] TENS = new long[19];

    static {
        TENS[0] = 1;
        for (int i = 1; i < TENS.length; i++) {
            TENS[i] = TENS[i - 1] * 10;
        }
    }

    final Kind kind;
    final int precision;
    final int scale;
    Outcome outcome = Outcome.EMPTY;

    /** Whole numbers, unscaled decimals, days, microseconds, 0 or 1. */
    long bits;

    double real;

    /** Decimals of more than 18 digits. */
    @Nullable BigDecimal big;

    byte[] text = new byte[0];
    int textStart;
    int textEnd;

    CellValue(DataType type) {
        this.kind = kind(type);
        this.precision = type instanceof DecimalType d ? d.precision() : 0;
        this.scale = type instanceof DecimalType d ? d.scale() : 0;
    }

    private static Kind kind(DataType type) {
        if (type instanceof IntegerType) {
            return Kind.INTEGER;
        } else if (type instanceof LongType) {
            return Kind.LONG;
        } else if (type instanceof FloatType) {
            return Kind.FLOAT;
        } else if (type instanceof DoubleType) {
            return Kind.DOUBLE;
        } else if (type instanceof DecimalType) {
            return Kind.DECIMAL;
        } else if (type instanceof BooleanType) {
            return Kind.BOOLEAN;
        } else if (type instanceof DateType) {
            return Kind.DATE;
        } else if (type instanceof TimestampNTZType) {
            return Kind.TIMESTAMP;
        }
        return Kind.TEXT;
    }

    /** What became of the last cell. */
    final Outcome outcome() {
        return outcome;
    }

    final Outcome end(Outcome how) {
        outcome = how;
        return how;
    }

    /** Whether the last cell is NaN, which only a float or double can hold. */
    final boolean isNaN() {
        return (kind == Kind.DOUBLE || kind == Kind.FLOAT) && Double.isNaN(real);
    }

    final Outcome takeText(String value) {
        text = value.getBytes(StandardCharsets.UTF_8);
        textStart = 0;
        textEnd = text.length;
        return end(Outcome.REWRITTEN);
    }

    final void moment(long micros) {
        if (kind == Kind.TIMESTAMP) {
            bits = micros;
            return;
        }
        bits = Math.floorDiv(micros, Moments.MICROS_A_DAY);
        if (Math.floorMod(micros, Moments.MICROS_A_DAY) != 0) {
            outcome = Outcome.ROUNDED;
        }
    }

    /** Takes a number as it is, infinite or NaN too; a finite one that a float cannot hold is out of range. */
    final void real(double value) {
        real = value;
        if (kind == Kind.FLOAT && Double.isFinite(value) && Float.isInfinite((float) value)) {
            outcome = Outcome.OUT_OF_RANGE;
        }
    }

    /** Takes what a finite number was read as: infinite, it was too large. */
    final void number(double value) {
        real(value);
        if (Double.isInfinite(value)) {
            outcome = Outcome.OUT_OF_RANGE;
        }
    }

    final void whole(long value) {
        bits = value;
        if (kind == Kind.INTEGER && value != (int) value) {
            outcome = Outcome.OUT_OF_RANGE;
        }
    }

    final void decimal(long unscaled, boolean rounded) {
        if (precision > 18) {
            big = BigDecimal.valueOf(unscaled, scale);
        } else if (Math.abs(unscaled) >= (precision == 18 ? 1_000_000_000_000_000_000L : TENS[precision])) {
            outcome = Outcome.OUT_OF_RANGE;
            return;
        }
        bits = unscaled;
        if (rounded) {
            outcome = Outcome.ROUNDED;
        }
    }

    final void decimal(BigDecimal value) {
        BigDecimal scaled = value.setScale(scale, RoundingMode.HALF_UP);
        if (scaled.precision() > precision) {
            outcome = Outcome.OUT_OF_RANGE;
            return;
        }
        if (scaled.compareTo(value) != 0) {
            outcome = Outcome.ROUNDED;
        }
        if (precision > 18) {
            big = scaled;
        } else {
            bits = scaled.unscaledValue().longValueExact();
        }
    }

    static String string(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The value of the last cell, which has one, as the Java type of Spark's external rows. */
    final Object javaValue() {
        return switch (kind) {
            case INTEGER -> (int) bits;
            case LONG -> bits;
            case FLOAT -> (float) real;
            case DOUBLE -> real;
            case DECIMAL -> big != null ? big : BigDecimal.valueOf(bits, scale);
            case TEXT -> string(text, textStart, textEnd);
            case BOOLEAN -> bits == 1;
            case DATE -> LocalDate.ofEpochDay(bits);
            case TIMESTAMP ->
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(bits, 1_000_000L), (int) Math.floorMod(bits, 1_000_000L) * 1_000, ZoneOffset.UTC);
        };
    }

    /** Writes the value of the last cell, which has one, to a binary row. */
    final void write(UnsafeRowWriter row, int ordinal) {
        switch (kind) {
            case INTEGER, DATE -> row.write(ordinal, (int) bits);
            case LONG, TIMESTAMP -> row.write(ordinal, bits);
            case FLOAT -> row.write(ordinal, (float) real);
            case DOUBLE -> row.write(ordinal, real);
            case DECIMAL -> {
                if (big != null) {
                    row.write(ordinal, Decimal.apply(big, precision, scale), precision, scale);
                } else {
                    row.write(ordinal, bits); // how binary rows hold decimals of up to 18 digits
                }
            }
            case TEXT -> row.write(ordinal, text, textStart, textEnd - textStart);
            case BOOLEAN -> row.write(ordinal, bits == 1);
        }
    }
}
