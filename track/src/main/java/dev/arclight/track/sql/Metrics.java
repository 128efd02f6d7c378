package dev.arclight.track.sql;

import dev.arclight.track.Metric;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes and reads points of metrics. */
final class Metrics {
    private static final int ROWS_A_STATEMENT = 50;
    private static final String ONE = "INSERT INTO metrics (run_id, key_id, step, at, value, is_nan) VALUES ";
    private static final String ROW = "(?, ?, ?, ?, ?, ?)";
    private static final String ONCE = " ON CONFLICT DO NOTHING";
    private static final String FULL = insert(ROWS_A_STATEMENT);
    private static final String LATEST = """
            INSERT INTO latest_metrics (run_id, key_id, step, at, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (run_id, key_id) DO UPDATE
            SET step = excluded.step, at = excluded.at, value = excluded.value, is_nan = excluded.is_nan
            WHERE (excluded.step, excluded.at, excluded.value)
                > (latest_metrics.step, latest_metrics.at, latest_metrics.value)""";

    private Metrics() {}

    static void log(Session session, long runId, List<Metric> metrics) throws SQLException {
        Map<String, Metric> latest = new LinkedHashMap<>();
        for (int from = 0; from < metrics.size(); from += ROWS_A_STATEMENT) {
            List<Metric> some = metrics.subList(from, Math.min(metrics.size(), from + ROWS_A_STATEMENT));
            Object[] arguments = new Object[6 * some.size()];
            for (int i = 0; i < some.size(); i++) {
                Metric metric = some.get(i);
                System.arraycopy(row(session, runId, metric), 0, arguments, 6 * i, 6);
                latest.merge(metric.key(), metric, Metrics::later);
            }
            session.update(some.size() == ROWS_A_STATEMENT ? FULL : insert(some.size()), arguments);
        }
        for (Metric metric : latest.values()) {
            session.update(LATEST, row(session, runId, metric));
        }
    }

    private static String insert(int rows) {
        return ONE + ROW + (", " + ROW).repeat(rows - 1) + ONCE;
    }

    /** The number of a metric's name, or -1 if no run has such a metric. */
    static long findKey(Session session, String name) throws SQLException {
        return session.first("SELECT id FROM metric_keys WHERE name = ?", row -> row.getLong(1), name)
                .orElse(-1L);
    }

    static long key(Session session, String name) throws SQLException {
        Long known = session.metricKeys().get(name);
        if (known != null) {
            return known;
        }
        long id = findKey(session, name);
        if (id < 0) {
            id = session.insert("INSERT INTO metric_keys (name) VALUES (?) RETURNING id", name);
        }
        session.metricKeys().put(name, id);
        return id;
    }

    /** All points of one metric of one run, in order. */
    static List<Metric> history(Session session, long runId, String key) throws SQLException {
        return session.list(
                "SELECT value, is_nan, at, step FROM metrics WHERE run_id = ? AND key_id = ? ORDER BY step, at, value",
                row -> read(row, key, 1),
                runId,
                findKey(session, key));
    }

    /** The latest values of many runs, by run. */
    static Map<Long, Map<String, Metric>> latest(Session session, KeyValues.Numbers runIds) throws SQLException {
        Map<Long, Map<String, Metric>> all = new HashMap<>();
        session.list(
                "SELECT m.run_id, k.name, m.value, m.is_nan, m.at, m.step FROM latest_metrics m"
                        + " JOIN metric_keys k ON k.id = m.key_id WHERE m.run_id IN "
                        + session.dialect().numbers(),
                row -> {
                    Metric metric = read(row, row.getString(2), 3);
                    return all.computeIfAbsent(row.getLong(1), run -> new LinkedHashMap<>())
                            .put(metric.key(), metric);
                },
                runIds.json());
        return all;
    }

    /** Reads value, is_nan, at and step from column {@code from} on. */
    static Metric read(ResultSet row, String key, int from) throws SQLException {
        double value = row.getInt(from + 1) == 1 ? Double.NaN : row.getDouble(from);
        return new Metric(key, value, row.getLong(from + 2), row.getLong(from + 3), Optional.empty());
    }

    private static Object[] row(Session session, long runId, Metric metric) throws SQLException {
        return new Object[] {
            runId, key(session, metric.key()), metric.step(), metric.timestampMillis(), stored(metric), nan(metric)
        };
    }

    static double stored(Metric metric) {
        return Double.isNaN(metric.value()) ? 0 : metric.value() + 0.0; // -0.0 and 0.0 are one point
    }

    static int nan(Metric metric) {
        return Double.isNaN(metric.value()) ? 1 : 0;
    }

    private static Metric later(Metric a, Metric b) {
        int order = Long.compare(a.step(), b.step());
        order = order != 0 ? order : Long.compare(a.timestampMillis(), b.timestampMillis());
        order = order != 0 ? order : Double.compare(stored(a), stored(b));
        return order >= 0 ? a : b;
    }
}
