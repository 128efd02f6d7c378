package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies rows of an MLflow database into a store, and compares the counts of both. For one thread. */
final class MlflowCopy {
    private final MlflowSource source;
    private final Database target;
    private final Map<String, Long> counts = new LinkedHashMap<>();

    MlflowCopy(MlflowSource source, Database target) {
        this.source = source;
        this.target = target;
    }

    /** Rows copied, by kind. */
    Map<String, Long> counts() {
        return Collections.unmodifiableMap(counts);
    }

    boolean has(String table) throws SQLException {
        return source.has(table);
    }

    interface Insert {
        void row(Session session, @Nullable Object[] row) throws SQLException;
    }

    interface Owner {
        long of(@Nullable Object id);
    }

    /** Inserts each row that {@code read} gives. */
    void rows(String read, Insert insert) throws SQLException {
        source.each(
                read,
                rows -> target.write(session -> {
                    for (@Nullable Object[] row : rows) {
                        insert.row(session, row);
                    }
                    return rows.size();
                }));
    }

    void pairs(String from, String columns, String into, String ownerColumn, Owner owner) throws SQLException {
        rows(
                "SELECT %s FROM %s".formatted(columns, from),
                (session, row) -> session.update(
                        "INSERT INTO %s (%s, key, value) VALUES (?, ?, ?)".formatted(into, ownerColumn),
                        owner.of(row[0]),
                        row[1],
                        text(row[2])));
        verify(from.replace('_', ' '), "SELECT count(*) FROM " + from, "SELECT count(*) FROM " + into);
    }

    /** Counts on both sides. */
    void verify(String kind, String theirs, String ours) throws SQLException {
        long expected = source.count(theirs);
        long found = target.read(session -> session.first(ours, row -> row.getLong(1)))
                .orElse(0L);
        if (expected != found) {
            throw new ArclightException(
                    ErrorCode.INTERNAL,
                    "The import has %,d %s and MLflow's database %,d; nothing was kept"
                            .formatted(found, kind, expected));
        }
        counts.put(kind, found);
    }

    static long known(Map<String, Long> ids, @Nullable Object id) {
        Long number = ids.get(text(id));
        if (number == null) {
            throw ArclightException.badInput(
                    "MLflow's database names '%s', which it does not hold: it is damaged".formatted(id));
        }
        return number;
    }

    static String lifecycle(@Nullable Object stage) {
        return "deleted".equals(stage) ? "deleted" : "active";
    }

    static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    static double real(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }
}
