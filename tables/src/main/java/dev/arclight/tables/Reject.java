package dev.arclight.tables;

import java.io.Serializable;

/**
 * A row that does not fit the declaration, and where it stands.
 *
 * @param reason why
 * @param file as Spark or the caller names it
 * @param line of the row's first character, from 1; the header is line 1
 * @param column declared name, or empty where the whole row is meant
 * @param value the cell, or empty where the whole row is meant
 * @param row the row as it stands in the file, cut after 1,000 characters
 * @param problem what is wrong, without where
 */
public record Reject(Reason reason, String file, long line, String column, String value, String row, String problem)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One sentence for a person, with file, line, column and value. */
    public String message() {
        return "%s, line %d%s: %s".formatted(file, line, column.isEmpty() ? "" : ", column " + column, problem);
    }

    /** This reject with its line counted on from {@code lines} that come before. */
    Reject after(long lines) {
        return new Reject(reason, file, line + lines, column, value, row, problem);
    }

    /** Why a row is refused. */
    public enum Reason {
        /** Fewer fields than the header has columns. */
        TOO_FEW_FIELDS,
        /** More fields than the header has columns. */
        TOO_MANY_FIELDS,
        /** A cell without a value in a column that must have one. */
        EMPTY_CELL,
        /** NaN in a column that must have a value. */
        NAN_CELL,
        /** A cell that is not of the declared type. */
        NOT_OF_TYPE,
        /** A number that the declared type cannot hold. */
        OUT_OF_RANGE,
        /** A quote that is not closed. */
        UNCLOSED_QUOTE
    }
}
