package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelStatus;
import dev.arclight.track.Metric;
import dev.arclight.track.sql.KeyValues.Numbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads logged models with all that belongs to them, and writes their metrics. */
final class LoggedModelRows {
    static final KeyValues PARAMS = new KeyValues("logged_model_params", "model_id");
    static final KeyValues TAGS = new KeyValues("logged_model_tags", "model_id");
    static final String COLUMNS = "SELECT m.id, m.uuid, m.experiment_id, m.name, m.artifact_uri, m.status,"
            + " m.status_message, m.run_uuid, m.model_type, m.created, m.updated";

    private LoggedModelRows() {}

    /** The number of a model that is not deleted. */
    static long find(Session session, String uuid) throws SQLException {
        return session.first(
                        "SELECT id FROM logged_models WHERE uuid = ? AND lifecycle = 'active'",
                        row -> row.getLong(1),
                        uuid)
                .orElseThrow(() -> notFound("Logged model with ID '%s' not found.".formatted(uuid)));
    }

    static LoggedModel load(Session session, String uuid) throws SQLException {
        find(session, uuid);
        return list(session, COLUMNS + " FROM logged_models m WHERE m.uuid = ?", uuid)
                .get(0);
    }

    static List<LoggedModel> list(Session session, String sql, Object... arguments) throws SQLException {
        Map<Long, LoggedModel> bare = new java.util.LinkedHashMap<>();
        session.list(sql, row -> bare.put(row.getLong(1), read(row)), arguments);
        Numbers ids = new Numbers(List.copyOf(bare.keySet()));
        Map<Long, Map<String, String>> params = PARAMS.of(session, ids);
        Map<Long, Map<String, String>> tags = TAGS.of(session, ids);
        Map<Long, List<Metric>> metrics = metrics(session, ids);
        List<LoggedModel> models = new ArrayList<>(bare.size());
        bare.forEach((id, m) -> models.add(new LoggedModel(
                m.id(),
                m.experimentId(),
                m.name(),
                m.artifactUri(),
                m.status(),
                m.statusMessage(),
                m.runId(),
                m.type(),
                m.createdMillis(),
                m.updatedMillis(),
                params.getOrDefault(id, Map.of()),
                tags.getOrDefault(id, Map.of()),
                metrics.getOrDefault(id, List.of()))));
        return models;
    }

    /** Keeps a metric of a run that was measured on a logged model; one of an unknown model is the run's alone. */
    static void logMetric(Session session, String runId, Metric metric, Metric.Origin origin) throws SQLException {
        Optional<Long> model =
                session.first("SELECT id FROM logged_models WHERE uuid = ?", row -> row.getLong(1), origin.modelId());
        if (model.isEmpty()) {
            return;
        }
        session.update(
                """
                INSERT INTO logged_model_metrics
                  (model_id, key_id, dataset_name, dataset_digest, run_uuid, step, at, value, is_nan)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (model_id, key_id, dataset_name, dataset_digest) DO UPDATE
                SET run_uuid = excluded.run_uuid, step = excluded.step, at = excluded.at,
                  value = excluded.value, is_nan = excluded.is_nan
                WHERE (excluded.step, excluded.at, excluded.value)
                  >= (logged_model_metrics.step, logged_model_metrics.at, logged_model_metrics.value)""",
                model.get(),
                Metrics.key(session, metric.key()),
                origin.datasetName(),
                origin.datasetDigest(),
                runId,
                metric.step(),
                metric.timestampMillis(),
                Metrics.stored(metric),
                Metrics.nan(metric));
    }

    private static LoggedModel read(ResultSet row) throws SQLException {
        return new LoggedModel(
                row.getString(2),
                Long.toString(row.getLong(3)),
                row.getString(4),
                row.getString(5),
                LoggedModelStatus.valueOf(row.getString(6)),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getLong(10),
                row.getLong(11),
                Map.of(),
                Map.of(),
                List.of());
    }

    private static Map<Long, List<Metric>> metrics(Session session, Numbers ids) throws SQLException {
        Map<Long, List<Metric>> all = new HashMap<>();
        session.list(
                "SELECT m.model_id, k.name, m.value, m.is_nan, m.at, m.step, l.uuid, m.dataset_name, m.dataset_digest"
                        + " FROM logged_model_metrics m JOIN metric_keys k ON k.id = m.key_id"
                        + " JOIN logged_models l ON l.id = m.model_id WHERE m.model_id IN "
                        + session.dialect().numbers(),
                row -> {
                    Metric bare = Metrics.read(row, row.getString(2), 3);
                    Metric.Origin origin = new Metric.Origin(row.getString(7), row.getString(8), row.getString(9));
                    return all.computeIfAbsent(row.getLong(1), model -> new ArrayList<>())
                            .add(new Metric(
                                    bare.key(),
                                    bare.value(),
                                    bare.timestampMillis(),
                                    bare.step(),
                                    Optional.of(origin)));
                },
                ids.json());
        return all;
    }
}
