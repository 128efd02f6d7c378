package dev.arclight.track.sql;

import java.util.List;

/** Where databases differ. */
enum Dialect {
    SQLITE;

    String identity() {
        return "INTEGER PRIMARY KEY AUTOINCREMENT";
    }

    /** The type of text that sorts and compares by its bytes. */
    String text() {
        return "TEXT";
    }

    String doublePrecision() {
        return "DOUBLE";
    }

    /** Ends the definition of a table whose rows lie in the order of the primary key. */
    String clustered() {
        return "WITHOUT ROWID";
    }

    /** Statements that make a table refuse changes of its rows. */
    List<String> appendOnly(String table) {
        return List.of("UPDATE", "DELETE").stream()
                .map(verb ->
                        "CREATE TRIGGER %1$s_no_%2$s BEFORE %2$s ON %1$s BEGIN SELECT RAISE(ABORT, '%1$s is only ever added to'); END"
                                .formatted(table, verb))
                .toList();
    }

    /** {@code column LIKE ?}, case-sensitive. */
    String like(String column) {
        return column + " LIKE ?"; // each connection sets case_sensitive_like
    }

    String ilike(String column) {
        return "lower(" + column + ") LIKE lower(?)";
    }
}
