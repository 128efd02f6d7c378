package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.Experiment;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelSearch;
import dev.arclight.track.LoggedModelStart;
import dev.arclight.track.LoggedModelStatus;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.Metric;
import dev.arclight.track.Page;
import dev.arclight.track.search.Comparison;
import dev.arclight.track.search.Field;
import dev.arclight.track.search.FilterParser;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.search.Subject;
import dev.arclight.track.sql.Conditions.Condition;
import dev.arclight.track.sql.Filters.Column;
import dev.arclight.track.sql.Filters.Source;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Logged models in a database. */
final class SqlLoggedModels implements LoggedModels {
    private static final Map<Field.Kind, Source> SOURCES = Map.of(
            Field.Kind.PARAM, new Source("logged_model_params", "{}.model_id = m.id"),
            Field.Kind.TAG, new Source("logged_model_tags", "{}.model_id = m.id"));

    private final Database database;
    private final Names names = new Names();

    SqlLoggedModels(Database database) {
        this.database = database;
    }

    @Override
    public LoggedModel create(LoggedModelStart start) {
        String uuid = "m-" + names.id();
        String name = start.name().isEmpty() ? names.name() : start.name();
        if (name.chars().anyMatch(c -> "/:.%\"'".indexOf(c) >= 0)) {
            throw badInput("Invalid model name '%s': it must not contain / : . %% \" or '".formatted(name));
        }
        return database.write(session -> {
            Experiment experiment = SqlExperiments.active(session, start.experimentId());
            long now = System.currentTimeMillis();
            long id = session.insert(
                    "INSERT INTO logged_models (uuid, experiment_id, name, artifact_uri, status, status_message,"
                            + " run_uuid, model_type, lifecycle, created, updated)"
                            + " VALUES (?, ?, ?, ?, 'PENDING', '', ?, ?, 'active', ?, ?) RETURNING id",
                    uuid,
                    SqlExperiments.number(start.experimentId()),
                    name,
                    "%s/models/%s/artifacts".formatted(experiment.artifactLocation(), uuid),
                    start.runId(),
                    start.type(),
                    now,
                    now);
            LoggedModelRows.PARAMS.put(session, id, start.params());
            LoggedModelRows.TAGS.put(session, id, start.tags());
            return LoggedModelRows.load(session, uuid);
        });
    }

    @Override
    public LoggedModel load(String modelId) {
        return database.read(session -> LoggedModelRows.load(session, modelId));
    }

    @Override
    public LoggedModel finish(String modelId, LoggedModelStatus status) {
        return database.write(session -> {
            session.update(
                    "UPDATE logged_models SET status = ?, updated = ? WHERE id = ?",
                    status.name(),
                    System.currentTimeMillis(),
                    LoggedModelRows.find(session, modelId));
            return LoggedModelRows.load(session, modelId);
        });
    }

    @Override
    public void params(String modelId, Map<String, String> params) {
        change(modelId, (session, id) -> {
            for (Map.Entry<String, String> param : params.entrySet()) {
                LoggedModelRows.PARAMS.add(session, id, param.getKey(), param.getValue());
            }
        });
    }

    @Override
    public void tags(String modelId, Map<String, String> tags) {
        change(modelId, (session, id) -> LoggedModelRows.TAGS.put(session, id, tags));
    }

    @Override
    public void deleteTag(String modelId, String key) {
        change(modelId, (session, id) -> {
            if (!LoggedModelRows.TAGS.delete(session, id, key)) {
                throw notFound("No tag with key '%s' found for model with ID '%s'.".formatted(key, modelId));
            }
        });
    }

    @Override
    public void delete(String modelId) {
        change(
                modelId,
                (session, id) -> session.update(
                        "UPDATE logged_models SET lifecycle = 'deleted', updated = ? WHERE id = ?",
                        System.currentTimeMillis(),
                        id));
    }

    @Override
    public Page<LoggedModel> search(LoggedModelSearch search) {
        List<Comparison> filter = FilterParser.filter(Subject.LOGGED_MODELS, search.filter());
        List<OrderBy> order = FilterParser.order(Subject.LOGGED_MODELS, search.orderBy());
        long offset = Offsets.of(search.pageToken());
        if (search.experimentIds().isEmpty()) {
            return Offsets.page(List.of(), offset, search.maxResults());
        }
        List<LoggedModel> found = database.read(session -> {
            Query query = query(session, search, filter, order);
            return LoggedModelRows.list(session, query.sql(), query.arguments(search.maxResults() + 1, offset));
        });
        return Offsets.page(found, offset, search.maxResults());
    }

    private interface Change {
        void in(Session session, long id) throws SQLException;
    }

    private void change(String modelId, Change change) {
        database.write(session -> {
            long id = LoggedModelRows.find(session, modelId);
            change.in(session, id);
            return session.update("UPDATE logged_models SET updated = ? WHERE id = ?", System.currentTimeMillis(), id);
        });
    }

    private Query query(Session session, LoggedModelSearch search, List<Comparison> filter, List<OrderBy> order)
            throws SQLException {
        Query query = new Query(LoggedModelRows.COLUMNS + " FROM logged_models m");
        List<String> ids = search.experimentIds();
        query.where(
                "m.experiment_id IN (?" + ", ?".repeat(ids.size() - 1) + ") AND m.lifecycle = 'active'",
                ids.stream().map(SqlExperiments::number).toArray());
        Filters filters = new Filters(query, database.dialect(), SOURCES, SqlLoggedModels::column);
        boolean measured = false;
        for (Comparison comparison : filter) {
            if (comparison.field().kind() == Field.Kind.METRIC) {
                measured = true;
                String alias = filters.alias();
                Condition condition = filters.conditions().metric(alias, comparison);
                List<Object> arguments = new ArrayList<>();
                arguments.add(Metrics.findKey(session, comparison.field().key()));
                arguments.addAll(condition.arguments());
                addMetric(query, alias, alias + ".key_id = ? AND " + condition.sql(), arguments, search.datasets());
            } else {
                filters.add(comparison);
            }
        }
        if (!measured && !search.datasets().isEmpty()) {
            addMetric(query, filters.alias(), "1 = 1", new ArrayList<>(), search.datasets());
        }
        for (OrderBy key : order) {
            if (key.field().kind() == Field.Kind.METRIC) {
                String value = "(SELECT x.value FROM logged_model_metrics x WHERE x.model_id = m.id AND x.key_id = "
                        + Metrics.findKey(session, key.field().key()) + " ORDER BY x.at DESC LIMIT 1)";
                query.orderBy(value + (key.ascending() ? "" : " DESC") + " NULLS LAST");
            } else {
                filters.add(key);
            }
        }
        query.orderBy("m.created DESC");
        query.orderBy("m.uuid");
        return query;
    }

    private static void addMetric(
            Query query, String alias, String condition, List<Object> arguments, List<Metric.Origin> datasets) {
        StringBuilder on = new StringBuilder();
        for (Metric.Origin dataset : datasets) {
            on.append(on.isEmpty() ? " AND (" : " OR ")
                    .append("(%1$s.dataset_name = ? AND ? IN ('', %1$s.dataset_digest))".formatted(alias));
            arguments.add(dataset.datasetName());
            arguments.add(dataset.datasetDigest());
        }
        query.where(
                "EXISTS (SELECT 1 FROM logged_model_metrics %1$s WHERE %1$s.model_id = m.id AND %2$s%3$s%4$s)"
                        .formatted(alias, condition, on, on.isEmpty() ? "" : ")"),
                arguments.toArray());
    }

    private static Column column(Field field) {
        return switch (field.key()) {
            case "model_id" -> Column.text("m.uuid");
            case "model_type" -> Column.text("m.model_type");
            case "status" -> Column.text("m.status");
            case "source_run_id" -> Column.text("m.run_uuid");
            case "creation_timestamp" -> Column.number("m.created");
            case "last_updated_timestamp" -> Column.number("m.updated");
            default -> Column.text("m.name");
        };
    }
}
