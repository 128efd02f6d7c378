package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.Dataset;
import dev.arclight.track.Experiment;
import dev.arclight.track.Limits;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelOutput;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunGroup;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.RunUpdate;
import dev.arclight.track.Runs;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs in a database. */
final class SqlRuns implements Runs {
    private static final String NAME_TAG = "mlflow.runName";
    private static final String CONTEXT_TAG = "mlflow.data.context";

    private final Database database;
    private final Names names = new Names();

    SqlRuns(Database database) {
        this.database = database;
    }

    @Override
    public Run create(RunStart start) {
        String tagged = start.tags().getOrDefault(NAME_TAG, "");
        if (!start.name().isEmpty() && !tagged.isEmpty() && !start.name().equals(tagged)) {
            throw badInput("Both a run name and the tag '%s' are given, with different values ('%s' and '%s')"
                    .formatted(NAME_TAG, start.name(), tagged));
        }
        String given = start.name().isEmpty() ? tagged : start.name();
        String name = given.isEmpty() ? names.name() : given;
        Map<String, String> tags = new LinkedHashMap<>(start.tags());
        tags.put(NAME_TAG, name);
        Limits.checkTag(NAME_TAG, name);
        String uuid = names.id();
        String user = start.user().orElseGet(() -> System.getProperty("user.name", "unknown"));
        long started = start.startMillis() > 0 ? start.startMillis() : System.currentTimeMillis();
        return database.write(session -> {
            Experiment experiment = SqlExperiments.active(session, start.experimentId());
            long id = session.insert(
                    "INSERT INTO runs (uuid, experiment_id, name, status, user_name, started, lifecycle, artifact_uri)"
                            + " VALUES (?, ?, ?, ?, ?, ?, 'active', ?) RETURNING id",
                    uuid,
                    SqlExperiments.number(start.experimentId()),
                    name,
                    RunStatus.RUNNING.name(),
                    user,
                    started,
                    "%s/%s/artifacts".formatted(experiment.artifactLocation(), uuid));
            RunRows.TAGS.put(session, id, tags);
            return RunRows.load(session, uuid);
        });
    }

    @Override
    public Run load(String runId) {
        return database.read(session -> RunRows.load(session, runId));
    }

    @Override
    public Run update(String runId, RunUpdate update) {
        update.name().ifPresent(name -> Limits.checkTag(NAME_TAG, name));
        return database.write(session -> {
            long id = RunRows.active(session, runId);
            if (update.status().isPresent()) {
                RunStatus status = update.status().get();
                session.update("UPDATE runs SET status = ? WHERE id = ?", status.name(), id);
                if (!status.isTerminal()) {
                    session.update("UPDATE runs SET ended = NULL WHERE id = ?", id);
                }
            }
            if (update.endMillis().isPresent()) {
                session.update(
                        "UPDATE runs SET ended = ? WHERE id = ?",
                        update.endMillis().getAsLong(),
                        id);
            }
            if (update.name().isPresent() && !update.name().get().isEmpty()) {
                rename(session, id, update.name().get());
            }
            return RunRows.load(session, runId);
        });
    }

    @Override
    public void delete(String runId) {
        database.write(session -> {
            long id = RunRows.find(session, runId).id();
            return session.update(
                    "UPDATE runs SET lifecycle = 'deleted', deleted = ? WHERE id = ? AND lifecycle = 'active'",
                    System.currentTimeMillis(),
                    id);
        });
    }

    @Override
    public void restore(String runId) {
        database.write(session -> {
            long id = RunRows.find(session, runId).id();
            return session.update("UPDATE runs SET lifecycle = 'active', deleted = NULL WHERE id = ?", id);
        });
    }

    @Override
    public void log(String runId, RunBatch batch) {
        database.write(session -> {
            long id = RunRows.active(session, runId);
            for (Map.Entry<String, String> param : batch.params().entrySet()) {
                logParam(session, runId, id, param.getKey(), param.getValue());
            }
            RunRows.TAGS.put(session, id, batch.tags());
            String name = batch.tags().get(NAME_TAG);
            if (name != null) {
                rename(session, id, name);
            }
            Metrics.log(session, id, batch.metrics());
            for (Metric metric : batch.metrics()) {
                if (metric.origin().isPresent()) {
                    LoggedModelRows.logMetric(
                            session, runId, metric, metric.origin().get());
                }
            }
            return id;
        });
    }

    @Override
    public void deleteTag(String runId, String key) {
        database.write(session -> {
            long id = RunRows.active(session, runId);
            if (!RunRows.TAGS.delete(session, id, key)) {
                throw notFound("No tag with name: %s in run with id %s".formatted(key, runId));
            }
            return id;
        });
    }

    @Override
    public void inputs(String runId, List<Dataset> datasets, List<String> modelIds) {
        database.write(session -> {
            long id = RunRows.active(session, runId);
            for (Dataset dataset : datasets) {
                session.update(
                        "INSERT INTO datasets (run_id, name, digest, source_type, source, schema_json, profile_json,"
                                + " tags_json, context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (run_id, name, digest) DO NOTHING",
                        id,
                        dataset.name(),
                        dataset.digest(),
                        dataset.sourceType(),
                        dataset.source(),
                        dataset.schema().orElse(null),
                        dataset.profile().orElse(null),
                        Json.of(dataset.tags()),
                        dataset.tags().get(CONTEXT_TAG));
            }
            for (String model : modelIds) {
                link(session, id, new ModelOutput(model, 0), false);
            }
            return id;
        });
    }

    @Override
    public void outputs(String runId, List<ModelOutput> models) {
        database.write(session -> {
            long id = RunRows.active(session, runId);
            for (ModelOutput model : models) {
                link(session, id, model, true);
            }
            return id;
        });
    }

    @Override
    public List<Metric> history(String runId, String key) {
        return database.read(
                session -> Metrics.history(session, RunRows.find(session, runId).id(), key));
    }

    @Override
    public Map<String, List<Metric>> curves(List<String> runIds, String key, int maxPoints) {
        if (maxPoints < 2) {
            throw badInput("A curve of %d points: expected 2 or more".formatted(maxPoints));
        }
        return database.read(session -> {
            Map<String, List<Metric>> curves = new LinkedHashMap<>();
            for (String runId : runIds) {
                List<Metric> all =
                        Metrics.history(session, RunRows.find(session, runId).id(), key);
                if (!all.isEmpty()) {
                    curves.put(runId, thin(all, maxPoints));
                }
            }
            return curves;
        });
    }

    @Override
    public long count(RunSearch search) {
        return new RunQueries(database).count(search);
    }

    @Override
    public List<RunGroup> groups(RunSearch search, String by, String metric) {
        return new RunQueries(database).groups(search, by, metric);
    }

    @Override
    public Page<Run> search(RunSearch search) {
        return new RunQueries(database).search(search);
    }

    private static List<Metric> thin(List<Metric> all, int maxPoints) {
        if (all.size() <= maxPoints) {
            return all;
        }
        List<Metric> some = new ArrayList<>(maxPoints);
        for (int i = 0; i < maxPoints; i++) {
            some.add(all.get((int) ((long) i * (all.size() - 1) / (maxPoints - 1))));
        }
        return some;
    }

    private static void logParam(Session session, String runId, long id, String key, String value) throws SQLException {
        if (!RunRows.PARAMS.add(session, id, key, value)) {
            String known = session.first(
                            "SELECT value FROM params WHERE run_id = ? AND key = ?", row -> row.getString(1), id, key)
                    .orElse("");
            if (!known.equals(value)) {
                throw badInput(("Changing param values is not allowed. Param with key='%s' was already logged with"
                                + " value='%s' for run ID='%s'. Attempted logging new value '%s'.")
                        .formatted(key, known, runId, value));
            }
        }
    }

    private static void rename(Session session, long id, String name) throws SQLException {
        session.update("UPDATE runs SET name = ? WHERE id = ?", name, id);
        RunRows.TAGS.put(session, id, Map.of(NAME_TAG, name));
    }

    private static void link(Session session, long id, ModelOutput model, boolean output) throws SQLException {
        session.update(
                "INSERT INTO run_models (run_id, model_id, output, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                id,
                model.modelId(),
                output ? 1 : 0,
                model.step());
    }
}
