package dev.arclight.track.sql;

import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunGroup;
import dev.arclight.track.RunSearch;
import dev.arclight.track.search.Comparison;
import dev.arclight.track.search.Field;
import dev.arclight.track.search.FilterParser;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.search.Subject;
import dev.arclight.track.sql.Conditions.Condition;
import dev.arclight.track.sql.Filters.Column;
import dev.arclight.track.sql.Filters.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Searches runs. */
final class RunQueries {
    private static final Map<Field.Kind, Source> SOURCES = Map.of(
            Field.Kind.PARAM, new Source("params", "{}.run_id = r.id"),
            Field.Kind.TAG, new Source("tags", "{}.run_id = r.id"));

    private static final int MOST_GROUPS = 500;

    private final Database database;

    RunQueries(Database database) {
        this.database = database;
    }

    Page<Run> search(RunSearch search) {
        List<Comparison> filter = FilterParser.filter(Subject.RUNS, search.filter());
        List<OrderBy> order = FilterParser.order(Subject.RUNS, search.orderBy());
        long offset = Offsets.of(search.pageToken());
        if (search.experimentIds().isEmpty()) {
            return Offsets.page(List.of(), offset, search.maxResults());
        }
        List<Run> found = database.read(session -> {
            RunPlan plan = RunPlan.of(session, search, filter, order);
            Query query = query(session, plan, search, filter, order);
            List<Run> runs = RunRows.list(session, query.sql(), query.arguments(search.maxResults() + 1, offset));
            if (plan.isWhole() || runs.size() > search.maxResults()) {
                return runs;
            }
            // Those that have no number for the metric come after those that have one.
            query = query(session, RunPlan.whole(), search, filter, order);
            return RunRows.list(session, query.sql(), query.arguments(search.maxResults() + 1, offset));
        });
        return Offsets.page(found, offset, search.maxResults());
    }

    long count(RunSearch search) {
        List<Comparison> filter = FilterParser.filter(Subject.RUNS, search.filter());
        if (search.experimentIds().isEmpty()) {
            return 0;
        }
        return database.read(session -> {
            RunPlan plan = RunPlan.of(session, search, filter, List.of());
            Query query = plan.query("SELECT count(*)");
            filtered(session, plan, query, search, filter);
            return session.first(query.sql(), row -> row.getLong(1), query.arguments(1, 0))
                    .orElse(0L);
        });
    }

    List<RunGroup> groups(RunSearch search, String by, String metric) {
        List<Comparison> filter = FilterParser.filter(Subject.RUNS, search.filter());
        Field field = FilterParser.order(Subject.RUNS, List.of(by)).get(0).field();
        if (search.experimentIds().isEmpty()) {
            return List.of();
        }
        return database.read(session -> {
            RunPlan plan = RunPlan.of(session, search, filter, List.of());
            Query query = plan.query(
                    "SELECT %s, count(*), avg(m.value), min(m.value), max(m.value)".formatted(grouped(field)));
            if (field.kind() == Field.Kind.METRIC) {
                query.join(
                        "LEFT JOIN latest_metrics g ON g.run_id = r.id AND g.key_id = ?",
                        Metrics.findKey(session, field.key()));
            } else if (field.kind() != Field.Kind.ATTRIBUTE) {
                query.join(
                        "LEFT JOIN %s g ON g.run_id = r.id AND g.key = ?"
                                .formatted(field.kind() == Field.Kind.PARAM ? "params" : "tags"),
                        field.key());
            }
            query.join(
                    "LEFT JOIN latest_metrics m ON m.run_id = r.id AND m.key_id = ? AND m.is_nan = 0",
                    Metrics.findKey(session, metric));
            filtered(session, plan, query, search, filter);
            query.groupBy(grouped(field));
            query.orderBy("count(*) DESC");
            query.orderBy(grouped(field));
            return session.list(query.sql(), RunQueries::group, query.arguments(MOST_GROUPS, 0));
        });
    }

    private static String grouped(Field field) {
        return field.kind() == Field.Kind.ATTRIBUTE ? column(field).sql() : "g.value";
    }

    private static RunGroup group(ResultSet row) throws SQLException {
        return new RunGroup(
                Optional.ofNullable(row.getString(1)), row.getLong(2), number(row, 3), number(row, 4), number(row, 5));
    }

    private static OptionalDouble number(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private Query query(Session session, RunPlan plan, RunSearch search, List<Comparison> filter, List<OrderBy> order)
            throws SQLException {
        Query query = plan.query(RunRows.COLUMNS);
        Filters filters = filtered(session, plan, query, search, filter);
        for (OrderBy key : order) {
            if (plan.isOrderedBy(key)) {
                query.orderBy(RunPlan.FIRST + ".value" + (key.ascending() ? "" : " DESC"));
            } else if (key.field().kind() == Field.Kind.METRIC) {
                orderByMetric(session, query, filters, key);
            } else {
                filters.add(key);
            }
        }
        if (order.stream().noneMatch(key -> key.field().equals(new Field(Field.Kind.ATTRIBUTE, "start_time")))) {
            query.orderBy("r.started DESC");
        }
        query.orderBy("r.uuid");
        return query;
    }

    /** Adds which runs, to a query of {@code runs r}. */
    private Filters filtered(Session session, RunPlan plan, Query query, RunSearch search, List<Comparison> filter)
            throws SQLException {
        which(query, search);
        Filters filters = new Filters(query, database.dialect(), SOURCES, RunQueries::column);
        plan.begin(session, query, filters.conditions(), filter);
        for (Comparison comparison : filter) {
            if (plan.beginsWith(comparison)) {
                continue;
            }
            switch (comparison.field().kind()) {
                case METRIC -> addMetric(session, query, filters, comparison);
                case DATASET -> addDataset(query, filters, comparison);
                default -> filters.add(comparison);
            }
        }
        return filters;
    }

    /** Restricts a query of {@code runs r} to the experiments and the view of a search. */
    static void which(Query query, RunSearch search) {
        List<String> ids = search.experimentIds();
        query.where(
                "r.experiment_id IN (?" + ", ?".repeat(ids.size() - 1) + ")",
                ids.stream().map(SqlExperiments::number).toArray());
        SqlExperiments.addView(query, "r.lifecycle", search.view());
    }

    private static void addMetric(Session session, Query query, Filters filters, Comparison comparison)
            throws SQLException {
        String alias = filters.alias();
        query.inner(
                "latest_metrics " + alias,
                "%1$s.run_id = r.id AND %1$s.key_id = ?".formatted(alias),
                Metrics.findKey(session, comparison.field().key()));
        Condition condition = filters.conditions().metric(alias, comparison);
        query.where(condition.sql(), condition.arguments().toArray());
    }

    private static void addDataset(Query query, Filters filters, Comparison comparison) {
        String alias = filters.alias();
        Condition condition =
                filters.conditions().text(alias + "." + comparison.field().key(), comparison);
        query.where(
                "EXISTS (SELECT 1 FROM datasets %1$s WHERE %1$s.run_id = r.id AND %2$s)"
                        .formatted(alias, condition.sql()),
                condition.arguments().toArray());
    }

    /** Numbers, then NaN, then runs without the metric, whatever the direction. */
    private static void orderByMetric(Session session, Query query, Filters filters, OrderBy key) throws SQLException {
        String alias = filters.alias();
        query.join(
                "LEFT JOIN latest_metrics %1$s ON %1$s.run_id = r.id AND %1$s.key_id = ?".formatted(alias),
                Metrics.findKey(session, key.field().key()));
        query.orderBy("CASE WHEN %1$s.is_nan = 1 THEN 1 WHEN %1$s.value IS NULL THEN 2 ELSE 0 END".formatted(alias));
        query.orderBy(alias + ".value" + (key.ascending() ? "" : " DESC"));
    }

    private static Column column(Field field) {
        return switch (field.key()) {
            case "run_name" -> Column.text("r.name");
            case "user_id" -> Column.text("r.user_name");
            case "status" -> Column.text("r.status");
            case "artifact_uri" -> Column.text("r.artifact_uri");
            case "start_time" -> Column.number("r.started");
            case "end_time" -> Column.number("r.ended");
            default -> Column.text("r.uuid");
        };
    }
}
