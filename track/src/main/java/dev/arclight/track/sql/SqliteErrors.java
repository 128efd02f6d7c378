package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** Says in one sentence what SQLite ran into. */
final class SqliteErrors {
    private SqliteErrors() {}

    static ArclightException explain(Path file, SQLException cause) {
        int code = cause instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : -1;
        return switch (code) {
            case 13 ->
                new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The disk is full: nothing was written to %s, what was there is intact; free some space and repeat"
                                .formatted(file),
                        cause);
            case 10 ->
                new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The disk did not do its part for %s (%s); look at its space and health, then repeat"
                                .formatted(file, cause.getMessage()),
                        cause);
            case 5, 6 ->
                new ArclightException(
                        ErrorCode.TIMEOUT,
                        "Another program kept the store %s locked for too long; end it or wait, then repeat"
                                .formatted(file),
                        cause);
            case 3, 8, 14, 23 ->
                new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The store %s cannot be opened for writing; look at the rights of the file and its folder"
                                .formatted(file),
                        cause);
            case 11, 26 ->
                new ArclightException(
                        ErrorCode.BAD_STATE,
                        "%s is damaged or is no tracking store; restore it from a backup, or move it away to begin anew"
                                .formatted(file),
                        cause);
            default ->
                new ArclightException(
                        ErrorCode.INTERNAL, "The store %s failed: %s".formatted(file, cause.getMessage()), cause);
        };
    }
}
