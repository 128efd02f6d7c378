package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Dataset;
import dev.arclight.track.Lifecycle;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Run;
import dev.arclight.track.RunStatus;
import dev.arclight.track.sql.KeyValues.Numbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads runs with all that was logged to them, many at once. */
final class RunRows {
    static final KeyValues PARAMS = new KeyValues("params", "run_id");
    static final KeyValues TAGS = new KeyValues("tags", "run_id");
    static final String COLUMNS = "SELECT r.id, r.uuid, r.experiment_id, r.name, r.status, r.user_name, r.started,"
            + " r.ended, r.artifact_uri, r.lifecycle";

    private RunRows() {}

    /** The number of a run and whether it may be written to. */
    record Key(long id, boolean isActive) {}

    static Key find(Session session, String uuid) throws SQLException {
        return session.first(
                        "SELECT id, lifecycle FROM runs WHERE uuid = ?",
                        row -> new Key(row.getLong(1), row.getString(2).equals("active")),
                        uuid)
                .orElseThrow(() -> notFound("Run with id=%s not found".formatted(uuid)));
    }

    /** The number of a run that may be written to. */
    static long active(Session session, String uuid) throws SQLException {
        Key key = find(session, uuid);
        if (!key.isActive()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The run %s must be in the 'active' state. Current state is deleted.".formatted(uuid));
        }
        return key.id();
    }

    static Run load(Session session, String uuid) throws SQLException {
        return list(session, COLUMNS + " FROM runs r WHERE r.uuid = ?", uuid).stream()
                .findFirst()
                .orElseThrow(() -> notFound("Run with id=%s not found".formatted(uuid)));
    }

    /** The runs whose {@link #COLUMNS} a statement selects, in its order. */
    static List<Run> list(Session session, String sql, Object... arguments) throws SQLException {
        List<Bare> bare = session.list(sql, RunRows::read, arguments);
        if (bare.isEmpty()) {
            return List.of();
        }
        Numbers ids = new Numbers(bare.stream().map(Bare::id).toList());
        Map<Long, Map<String, String>> params = PARAMS.of(session, ids);
        Map<Long, Map<String, String>> tags = TAGS.of(session, ids);
        Map<Long, Map<String, Metric>> metrics = Metrics.latest(session, ids);
        Map<Long, List<Dataset>> datasets = datasets(session, ids);
        Map<Long, List<Model>> models = models(session, ids);
        List<Run> runs = new ArrayList<>(bare.size());
        for (Bare run : bare) {
            List<Model> its = models.getOrDefault(run.id(), List.of());
            runs.add(new Run(
                    run.uuid(),
                    run.experimentId(),
                    run.name(),
                    run.status(),
                    run.user(),
                    run.started(),
                    run.ended(),
                    run.artifactUri(),
                    run.lifecycle(),
                    params.getOrDefault(run.id(), Map.of()),
                    metrics.getOrDefault(run.id(), Map.of()),
                    tags.getOrDefault(run.id(), Map.of()),
                    datasets.getOrDefault(run.id(), List.of()),
                    its.stream()
                            .filter(model -> !model.isOutput())
                            .map(Model::id)
                            .toList(),
                    its.stream()
                            .filter(Model::isOutput)
                            .map(model -> new ModelOutput(model.id(), model.step()))
                            .toList()));
        }
        return runs;
    }

    private record Bare(
            long id,
            String uuid,
            String experimentId,
            String name,
            RunStatus status,
            String user,
            long started,
            OptionalLong ended,
            String artifactUri,
            Lifecycle lifecycle) {}

    private record Model(String id, boolean isOutput, long step) {}

    private static Bare read(ResultSet row) throws SQLException {
        long ended = row.getLong(8);
        OptionalLong end = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(ended);
        return new Bare(
                row.getLong(1),
                row.getString(2),
                Long.toString(row.getLong(3)),
                row.getString(4),
                RunStatus.valueOf(row.getString(5)),
                row.getString(6),
                row.getLong(7),
                end,
                row.getString(9),
                row.getString(10).equals("active") ? Lifecycle.ACTIVE : Lifecycle.DELETED);
    }

    private static Map<Long, List<Dataset>> datasets(Session session, Numbers ids) throws SQLException {
        Map<Long, List<Dataset>> all = new HashMap<>();
        session.list(
                "SELECT run_id, name, digest, source_type, source, schema_json, profile_json, tags_json FROM datasets"
                        + " WHERE run_id IN " + session.dialect().numbers() + " ORDER BY id",
                row -> all.computeIfAbsent(row.getLong(1), run -> new ArrayList<>())
                        .add(new Dataset(
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                Optional.ofNullable(row.getString(6)),
                                Optional.ofNullable(row.getString(7)),
                                Json.texts(row.getString(8)))),
                ids.json());
        return all;
    }

    private static Map<Long, List<Model>> models(Session session, Numbers ids) throws SQLException {
        Map<Long, List<Model>> all = new HashMap<>();
        session.list(
                "SELECT run_id, model_id, output, step FROM run_models WHERE run_id IN "
                        + session.dialect().numbers() + " ORDER BY run_id, output, step",
                row -> all.computeIfAbsent(row.getLong(1), run -> new ArrayList<>())
                        .add(new Model(row.getString(2), row.getInt(3) == 1, row.getLong(4))),
                ids.json());
        return all;
    }
}
