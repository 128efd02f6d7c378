package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.artifacts.LocalArtifacts;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies what an MLflow database (2.x or 3.x, SQLite or PostgreSQL) holds into a new store, with the ids that runs,
 * experiments and models have, and compares the counts of both at the end. Artifacts are not copied here: their old and
 * new addresses are in {@link Result#moves}.
 */
public final class MlflowImport {
    /**
     * What was imported.
     *
     * @param counts rows of each kind, the same in both
     * @param moves each root of artifacts: where MLflow has it, and its URI in the new store
     */
    public record Result(Map<String, Long> counts, Map<String, String> moves) {
        public Result {
            counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
            moves = Collections.unmodifiableMap(new LinkedHashMap<>(moves));
        }
    }

    private static final String[] LOGGED_STATUS = {"PENDING", "PENDING", "READY", "FAILED"};

    private final MlflowCopy copy;
    private final Database target;
    private final Map<String, Long> runs = new HashMap<>();
    private final Map<String, Long> models = new HashMap<>();
    private final Map<String, Long> registered = new HashMap<>();
    private final Map<String, String> moves = new LinkedHashMap<>();

    private MlflowImport(MlflowSource source, Database target) {
        this.copy = new MlflowCopy(source, target);
        this.target = target;
    }

    /**
     * Imports into a store that was just made.
     *
     * @param from as MLflow names its backend store: {@code sqlite:///mlflow.db}, {@code postgresql://user@host/db}, or
     *     the path of an SQLite file
     * @param password for PostgreSQL; may be null
     * @throws ArclightException BAD_INPUT if it is no database of MLflow, INTERNAL if the counts differ at the end
     */
    public static Result run(String from, @Nullable String password, SqlTracking into) {
        try (MlflowSource source = MlflowSource.open(from, password)) {
            return new MlflowImport(source, into.database()).run();
        } catch (SQLException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "Cannot read %s as a database of MLflow: %s".formatted(from, e.getMessage()),
                    e);
        }
    }

    private Result run() throws SQLException {
        experiments();
        runs();
        metrics();
        inputs();
        loggedModels();
        registry();
        return new Result(copy.counts(), moves);
    }

    private void experiments() throws SQLException {
        target.write(session -> session.update("DELETE FROM experiments"));
        copy.rows(
                "SELECT experiment_id, name, artifact_location, lifecycle_stage, coalesce(creation_time, 0),"
                        + " coalesce(last_update_time, creation_time, 0) FROM experiments",
                (session, row) -> {
                    long id = MlflowCopy.number(row[0]);
                    String location = LocalArtifacts.SCHEME + "/" + id;
                    session.update(
                            "INSERT INTO experiments (id, name, artifact_location, lifecycle, created, updated)"
                                    + " VALUES (?, ?, ?, ?, ?, ?)",
                            id,
                            row[1],
                            location,
                            MlflowCopy.lifecycle(row[3]),
                            row[4],
                            row[5]);
                });
        copy.verify("experiments", "SELECT count(*) FROM experiments", "SELECT count(*) FROM experiments");
        copy.pairs(
                "experiment_tags", "experiment_id, key, value", "experiment_tags", "experiment_id", MlflowCopy::number);
    }

    private void runs() throws SQLException {
        copy.rows(
                "SELECT run_uuid, experiment_id, name, status, user_id, coalesce(start_time, 0), end_time,"
                        + " lifecycle_stage, deleted_time, artifact_uri FROM runs ORDER BY start_time, run_uuid",
                (session, row) -> {
                    String uuid = MlflowCopy.text(row[0]);
                    String uri = "%s/%d/%s/artifacts".formatted(LocalArtifacts.SCHEME, MlflowCopy.number(row[1]), uuid);
                    runs.put(
                            uuid,
                            session.insert(
                                    "INSERT INTO runs (uuid, experiment_id, name, status, user_name, started, ended,"
                                            + " lifecycle, deleted, artifact_uri)"
                                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                                    uuid,
                                    row[1],
                                    MlflowCopy.text(row[2]),
                                    row[3],
                                    MlflowCopy.text(row[4]),
                                    row[5],
                                    row[6],
                                    MlflowCopy.lifecycle(row[7]),
                                    row[8],
                                    uri));
                    moves.put(MlflowCopy.text(row[9]), uri);
                });
        copy.verify("runs", "SELECT count(*) FROM runs", "SELECT count(*) FROM runs");
        copy.pairs("params", "run_uuid, key, value", "params", "run_id", id -> MlflowCopy.known(runs, id));
        copy.pairs("tags", "run_uuid, key, value", "tags", "run_id", id -> MlflowCopy.known(runs, id));
    }

    private void metrics() throws SQLException {
        for (String table : List.of("metrics", "latest_metrics")) {
            copy.rows(
                    "SELECT run_uuid, key, step, coalesce(timestamp, 0), value, is_nan FROM %s ORDER BY run_uuid, key, step"
                            .formatted(table),
                    (session, row) -> session.update(
                            "INSERT INTO %s (run_id, key_id, step, at, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
                                    .formatted(table),
                            MlflowCopy.known(runs, row[0]),
                            Metrics.key(session, MlflowCopy.text(row[1])),
                            row[2],
                            row[3],
                            MlflowCopy.number(row[5]) == 1 ? 0.0 : MlflowCopy.real(row[4]),
                            row[5]));
            copy.verify(table, "SELECT count(*) FROM " + table, "SELECT count(*) FROM " + table);
        }
    }

    private void inputs() throws SQLException {
        if (!copy.has("inputs")) {
            return;
        }
        String read = " FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id"
                + " WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN'";
        copy.rows(
                "SELECT i.destination_id, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema,"
                        + " d.dataset_profile, (SELECT max(t.value) FROM input_tags t WHERE t.input_uuid = i.input_uuid"
                        + " AND t.name = 'mlflow.data.context')" + read,
                (session, row) -> session.update(
                        "INSERT INTO datasets (run_id, name, digest, source_type, source, schema_json, profile_json,"
                                + " tags_json, context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        MlflowCopy.known(runs, row[0]),
                        row[1],
                        row[2],
                        row[3],
                        row[4],
                        row[5],
                        row[6],
                        row[7] == null ? "{}" : Json.of(Map.of("mlflow.data.context", MlflowCopy.text(row[7]))),
                        row[7]));
        copy.verify("datasets", "SELECT count(*)" + read, "SELECT count(*) FROM datasets");
        if (!copy.has("logged_models")) {
            return;
        }
        for (int output = 0; output <= 1; output++) {
            boolean out = output == 1;
            String some = " FROM inputs WHERE source_type = '%s'".formatted(out ? "RUN_OUTPUT" : "RUN_INPUT");
            int flag = output;
            copy.rows(
                    "SELECT source_id, destination_id, step" + some,
                    (session, row) -> session.update(
                            "INSERT INTO run_models (run_id, model_id, output, step) VALUES (?, ?, ?, ?)",
                            MlflowCopy.known(runs, row[0]),
                            row[1],
                            flag,
                            row[2]));
            copy.verify(
                    out ? "model outputs" : "model inputs",
                    "SELECT count(*)" + some,
                    "SELECT count(*) FROM run_models WHERE output = " + output);
        }
    }

    private void loggedModels() throws SQLException {
        if (!copy.has("logged_models")) {
            return;
        }
        copy.rows(
                "SELECT model_id, experiment_id, name, artifact_location, status, status_message, source_run_id,"
                        + " model_type, lifecycle_stage, creation_timestamp_ms, last_updated_timestamp_ms FROM logged_models"
                        + " ORDER BY creation_timestamp_ms, model_id",
                (session, row) -> {
                    String uuid = MlflowCopy.text(row[0]);
                    String uri = "%s/%d/models/%s/artifacts"
                            .formatted(LocalArtifacts.SCHEME, MlflowCopy.number(row[1]), uuid);
                    models.put(
                            uuid,
                            session.insert(
                                    "INSERT INTO logged_models (uuid, experiment_id, name, artifact_uri, status,"
                                            + " status_message, run_uuid, model_type, lifecycle, created, updated)"
                                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                                    uuid,
                                    row[1],
                                    row[2],
                                    uri,
                                    LOGGED_STATUS[(int) Math.max(0, Math.min(3, MlflowCopy.number(row[4])))],
                                    MlflowCopy.text(row[5]),
                                    MlflowCopy.text(row[6]),
                                    MlflowCopy.text(row[7]),
                                    MlflowCopy.lifecycle(row[8]),
                                    row[9],
                                    row[10]));
                    moves.put(MlflowCopy.text(row[3]), uri);
                });
        copy.verify("logged models", "SELECT count(*) FROM logged_models", "SELECT count(*) FROM logged_models");
        copy.pairs(
                "logged_model_params",
                "model_id, param_key, param_value",
                "logged_model_params",
                "model_id",
                id -> MlflowCopy.known(models, id));
        copy.pairs(
                "logged_model_tags",
                "model_id, tag_key, tag_value",
                "logged_model_tags",
                "model_id",
                id -> MlflowCopy.known(models, id));
        copy.rows(
                "SELECT model_id, metric_name, coalesce(dataset_name, ''), coalesce(dataset_digest, ''), run_id,"
                        + " metric_step, metric_timestamp_ms, metric_value FROM logged_model_metrics"
                        + " ORDER BY metric_step, metric_timestamp_ms",
                (session, row) -> session.update(
                        "INSERT INTO logged_model_metrics (model_id, key_id, dataset_name, dataset_digest, run_uuid,"
                                + " step, at, value, is_nan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (model_id, key_id, dataset_name, dataset_digest) DO UPDATE SET"
                                + " run_uuid = excluded.run_uuid, step = excluded.step, at = excluded.at,"
                                + " value = excluded.value, is_nan = excluded.is_nan",
                        MlflowCopy.known(models, row[0]),
                        Metrics.key(session, MlflowCopy.text(row[1])),
                        row[2],
                        row[3],
                        row[4],
                        row[5],
                        row[6],
                        row[7] == null ? 0.0 : MlflowCopy.real(row[7]),
                        row[7] == null ? 1 : 0));
        copy.verify(
                "metrics of logged models, latest of each dataset",
                "SELECT count(*) FROM (SELECT DISTINCT model_id, metric_name, coalesce(dataset_name, ''),"
                        + " coalesce(dataset_digest, '') FROM logged_model_metrics) AS each_once",
                "SELECT count(*) FROM logged_model_metrics");
    }

    private void registry() throws SQLException {
        if (!copy.has("registered_models")) {
            return;
        }
        copy.rows(
                "SELECT m.name, m.description, coalesce(m.creation_time, 0), coalesce(m.last_updated_time, 0),"
                        + " (SELECT coalesce(max(v.version), 0) FROM model_versions v WHERE v.name = m.name)"
                        + " FROM registered_models m ORDER BY m.name",
                (session, row) -> registered.put(
                        MlflowCopy.text(row[0]),
                        session.insert(
                                "INSERT INTO registered_models (name, description, created, updated, last_version)"
                                        + " VALUES (?, ?, ?, ?, ?) RETURNING id",
                                row[0],
                                MlflowCopy.text(row[1]),
                                row[2],
                                row[3],
                                row[4])));
        copy.verify(
                "registered models",
                "SELECT count(*) FROM registered_models",
                "SELECT count(*) FROM registered_models");
        copy.pairs(
                "registered_model_tags",
                "name, key, value",
                "registered_model_tags",
                "model_id",
                id -> MlflowCopy.known(registered, id));
        versions();
        copy.rows("SELECT name, alias, version FROM registered_model_aliases ORDER BY name, alias", (session, row) -> {
            long id = MlflowCopy.known(registered, row[0]);
            session.update("INSERT INTO aliases (model_id, alias, version) VALUES (?, ?, ?)", id, row[1], row[2]);
            session.update(
                    "INSERT INTO alias_history (model_id, name, alias, kind, to_version, at, who, why, evidence)"
                            + " VALUES (?, ?, ?, 'PROMOTE', ?, ?, 'import', 'was so in MLflow', '{}')",
                    id,
                    row[0],
                    row[1],
                    row[2],
                    System.currentTimeMillis());
        });
        copy.verify("aliases", "SELECT count(*) FROM registered_model_aliases", "SELECT count(*) FROM aliases");
    }

    private void versions() throws SQLException {
        // A deleted version stays in MLflow's table, under this stage.
        String some = " FROM model_versions WHERE current_stage IS NULL OR current_stage <> 'Deleted_Internal'";
        copy.rows(
                "SELECT name, version, source, run_id, current_stage, description, user_id, run_link,"
                        + " coalesce(creation_time, 0), coalesce(last_updated_time, 0)" + some,
                (session, row) -> {
                    String from = moved(MlflowCopy.text(row[2]));
                    String logged = models.keySet().stream()
                            .filter(model -> from.equals("models:/" + model) || from.contains("/models/" + model + "/"))
                            .findFirst()
                            .orElse("");
                    session.update(
                            "INSERT INTO versions (model_id, version, source, run_uuid, logged_model, stage, description,"
                                    + " user_name, run_link, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            MlflowCopy.known(registered, row[0]),
                            row[1],
                            from,
                            MlflowCopy.text(row[3]),
                            logged,
                            row[4] == null ? "None" : row[4],
                            MlflowCopy.text(row[5]),
                            MlflowCopy.text(row[6]),
                            MlflowCopy.text(row[7]),
                            row[8],
                            row[9]);
                });
        copy.verify("versions", "SELECT count(*)" + some, "SELECT count(*) FROM versions");
        copy.rows(
                "SELECT t.name, t.version, t.key, coalesce(t.value, '') FROM model_version_tags t JOIN model_versions v"
                        + " ON v.name = t.name AND v.version = t.version"
                        + " WHERE v.current_stage IS NULL OR v.current_stage <> 'Deleted_Internal'",
                (session, row) -> session.update(
                        "INSERT INTO version_tags (model_id, version, key, value) VALUES (?, ?, ?, ?)",
                        MlflowCopy.known(registered, row[0]),
                        row[1],
                        row[2],
                        row[3]));
    }

    /** A source below one of the moved roots, at its new place. */
    private String moved(String uri) {
        for (Map.Entry<String, String> move : moves.entrySet()) {
            if (uri.equals(move.getKey()) || uri.startsWith(move.getKey() + "/")) {
                return move.getValue() + uri.substring(move.getKey().length());
            }
        }
        return uri;
    }
}
