package dev.arclight.tables;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a reader counts as it goes: cells by declared column, rows by rule. Plain fields, because each row touches them.
 */
final class RowCounts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** By declared column, cells written in another form than the type's own. */
    final long[] rewritten;

    /** By declared column, cells that lost digits. */
    final long[] rounded;

    /** By rule, rows that it applies to and keeps. */
    final long[] flagged;

    /** Rows with more fields than the header, all of these empty. */
    long extraEmptyFields;

    long rows;
    long kept;

    /** Rejected rows by reason. */
    final Map<String, Long> rejected = new TreeMap<>();

    RowCounts(int columns, int rules) {
        this.rewritten = new long[columns];
        this.rounded = new long[columns];
        this.flagged = new long[rules];
    }

    void add(RowCounts other) {
        for (int c = 0; c < rewritten.length; c++) {
            rewritten[c] += other.rewritten[c];
            rounded[c] += other.rounded[c];
        }
        for (int r = 0; r < flagged.length; r++) {
            flagged[r] += other.flagged[r];
        }
        extraEmptyFields += other.extraEmptyFields;
        rows += other.rows;
        kept += other.kept;
        other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
    }
}
