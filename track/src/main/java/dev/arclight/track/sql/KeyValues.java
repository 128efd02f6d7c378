package dev.arclight.track.sql;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of keys and values that belong to an owner, such as {@code tags}.
 *
 * @param owner the column that holds the owner's number
 */
record KeyValues(String table, String owner) {
    void put(Session session, long id, Map<String, String> values) throws SQLException {
        if (values.isEmpty()) {
            return; // the most frequent case: a metric is logged
        }
        String sql =
                "INSERT INTO %1$s (%2$s, key, value) VALUES (?, ?, ?) ON CONFLICT (%2$s, key) DO UPDATE SET value = excluded.value"
                        .formatted(table, owner);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            session.update(sql, id, entry.getKey(), entry.getValue());
        }
    }

    /** Adds a value; false if the key has one. */
    boolean add(Session session, long id, String key, String value) throws SQLException {
        return session.update(
                        "INSERT INTO %1$s (%2$s, key, value) VALUES (?, ?, ?) ON CONFLICT (%2$s, key) DO NOTHING"
                                .formatted(table, owner),
                        id,
                        key,
                        value)
                == 1;
    }

    boolean delete(Session session, long id, String key) throws SQLException {
        return session.update("DELETE FROM %s WHERE %s = ? AND key = ?".formatted(table, owner), id, key) == 1;
    }

    Map<String, String> of(Session session, long id) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        session.list(
                "SELECT key, value FROM %s WHERE %s = ?".formatted(table, owner),
                row -> values.put(row.getString(1), row.getString(2)),
                id);
        return values;
    }

    /** Of many owners; one without any is left out. */
    Map<Long, Map<String, String>> of(Session session, Numbers ids) throws SQLException {
        Map<Long, Map<String, String>> all = new HashMap<>();
        session.list(
                "SELECT %2$s, key, value FROM %1$s WHERE %2$s IN %3$s"
                        .formatted(table, owner, session.dialect().numbers()),
                row -> all.computeIfAbsent(row.getLong(1), owned -> new LinkedHashMap<>())
                        .put(row.getString(2), row.getString(3)),
                ids.json());
        return all;
    }

    /** A set of numbers as one argument; see {@link Dialect#numbers}. */
    record Numbers(List<Long> values) {
        String json() {
            return values.toString(); // [1, 2, 3]
        }
    }
}
