package dev.arclight.tables;

import java.io.Serializable;
import java.util.Locale;

/**
 * A row that does not fit the declaration, and where it stands.
 *
 * @param reason why
 * @param rule name of the rule that refuses the row, or empty
 * @param file as Spark or the caller names it
 * @param line of the row's first character, from 1; the header is line 1; 0 where a file has no lines
 * @param column declared name, or empty where the whole row is meant
 * @param value the cell, or empty where the whole row is meant
 * @param row the row as it stands in the file, cut after 1,000 characters
 * @param problem what is wrong, without where
 */
public record Reject(
        Reason reason, String rule, String file, long line, String column, String value, String row, String problem)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The reason as counts and reports name it: lower case with underscores, or the rule's own name. */
    public String key() {
        return reason == Reason.RULE ? rule : reason.name().toLowerCase(Locale.ROOT);
    }

    /** One sentence for a person, with file, line, column and value. */
    public String message() {
        return "%s%s%s: %s"
                .formatted(
                        file, line == 0 ? "" : ", line " + line, column.isEmpty() ? "" : ", column " + column, problem);
    }

    /** This reject with its line counted on from {@code lines} that come before. */
    Reject after(long lines) {
        return new Reject(reason, rule, file, line == 0 ? 0 : line + lines, column, value, row, problem);
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
        UNCLOSED_QUOTE,
        /** A rule of the table; {@link #rule} is its name. */
        RULE
    }
}
