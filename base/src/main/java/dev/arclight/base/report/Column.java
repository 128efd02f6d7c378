package dev.arclight.base.report;

import java.util.Objects;

/**
 * How one column of a {@link Table} reads.
 *
 * @param name heading
 * @param format how values are written; all but text and code stand at the right
 * @param decimals digits after the point for {@link Format#FIXED} and {@link Format#PERCENT}, otherwise 0
 */
public record Column(String name, Format format, int decimals) {
    /** How values are written. A value that is no number is written as text in every format. */
    public enum Format {
        /** As it is. */
        TEXT,
        /** As it is, in the typeface of code. */
        CODE,
        /** Up to five significant digits. */
        NUMBER,
        /** A set number of digits after the point. */
        FIXED,
        /** 0.25 as 25 %. */
        PERCENT
    }

    public Column {
        Objects.requireNonNull(name);
        Objects.requireNonNull(format);
        if (decimals < 0 || decimals > 12) {
            throw new IllegalArgumentException("0 to 12 decimals, not " + decimals);
        }
    }

    /** Words. */
    public static Column text(String name) {
        return new Column(name, Format.TEXT, 0);
    }

    /** Names from programs or files. */
    public static Column code(String name) {
        return new Column(name, Format.CODE, 0);
    }

    /** Numbers of any size, with up to five significant digits. */
    public static Column number(String name) {
        return new Column(name, Format.NUMBER, 0);
    }

    /** Numbers with {@code decimals} digits after the point; 0 for counts. */
    public static Column fixed(String name, int decimals) {
        return new Column(name, Format.FIXED, decimals);
    }

    /** Fractions of one, written in per cent with {@code decimals} digits after the point. */
    public static Column percent(String name, int decimals) {
        return new Column(name, Format.PERCENT, decimals);
    }

    boolean isNumeric() {
        return format != Format.TEXT && format != Format.CODE;
    }
}
