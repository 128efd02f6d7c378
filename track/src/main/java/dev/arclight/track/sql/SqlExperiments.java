package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Experiment;
import dev.arclight.track.ExperimentSearch;
import dev.arclight.track.Experiments;
import dev.arclight.track.Lifecycle;
import dev.arclight.track.Limits;
import dev.arclight.track.Page;
import dev.arclight.track.View;
import dev.arclight.track.artifacts.LocalArtifacts;
import dev.arclight.track.search.Comparison;
import dev.arclight.track.search.Field;
import dev.arclight.track.search.FilterParser;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.search.Subject;
import dev.arclight.track.sql.Filters.Column;
import dev.arclight.track.sql.Filters.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Experiments in a database. */
final class SqlExperiments implements Experiments {
    private static final String COLUMNS = "SELECT e.id, e.name, e.artifact_location, e.lifecycle, e.created, e.updated";
    private static final KeyValues TAGS = new KeyValues("experiment_tags", "experiment_id");
    private static final Map<Field.Kind, Source> SOURCES =
            Map.of(Field.Kind.TAG, new Source("experiment_tags", "{}.experiment_id = e.id"));

    private final Database database;

    SqlExperiments(Database database) {
        this.database = database;
    }

    @Override
    public String create(String name, Optional<String> artifactLocation, Map<String, String> tags) {
        Limits.checkExperimentName(name);
        tags.forEach(Limits::checkExperimentTag);
        return database.write(session -> {
            refuseDuplicate(session, name);
            return Long.toString(insert(session, name, artifactLocation, tags));
        });
    }

    @Override
    public Experiment findOrCreate(String name) {
        Limits.checkExperimentName(name);
        Optional<Experiment> known = find(name);
        Experiment experiment = known.orElseGet(() -> database.write(session -> {
            Optional<Experiment> now = byName(session, name); // another thread or process may have been first
            return now.isPresent() ? now.get() : byId(session, insert(session, name, Optional.empty(), Map.of()));
        }));
        if (experiment.lifecycle() == Lifecycle.DELETED) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Experiment '%s' was deleted: restore it (id %s) or use another name"
                            .formatted(name, experiment.id()));
        }
        return experiment;
    }

    @Override
    public Experiment load(String id) {
        return database.read(session -> byId(session, number(id)));
    }

    @Override
    public Optional<Experiment> find(String name) {
        return database.read(session -> byName(session, name));
    }

    @Override
    public void rename(String id, String name) {
        Limits.checkExperimentName(name);
        database.write(session -> {
            Experiment experiment = active(session, id);
            if (!experiment.name().equals(name)) {
                refuseDuplicate(session, name);
            }
            return session.update(
                    "UPDATE experiments SET name = ?, updated = ? WHERE id = ?",
                    name,
                    System.currentTimeMillis(),
                    number(id));
        });
    }

    @Override
    public void delete(String id) {
        database.write(session -> {
            if (byId(session, number(id)).lifecycle() == Lifecycle.DELETED) {
                throw notFound("No active experiment with id %s".formatted(id));
            }
            long now = System.currentTimeMillis();
            mark(session, id, Lifecycle.DELETED, now);
            return session.update(
                    "UPDATE runs SET lifecycle = 'deleted', deleted = ? WHERE experiment_id = ?", now, number(id));
        });
    }

    @Override
    public void restore(String id) {
        database.write(session -> {
            Experiment experiment = byId(session, number(id));
            if (experiment.lifecycle() == Lifecycle.ACTIVE) {
                throw notFound("No deleted experiment with id %s".formatted(id));
            }
            mark(session, id, Lifecycle.ACTIVE, System.currentTimeMillis());
            return session.update(
                    "UPDATE runs SET lifecycle = 'active', deleted = NULL WHERE experiment_id = ?", number(id));
        });
    }

    @Override
    public void setTag(String id, String key, String value) {
        Limits.checkExperimentTag(key, value);
        database.write(session -> {
            active(session, id);
            TAGS.put(session, number(id), Map.of(key, value));
            return id;
        });
    }

    @Override
    public void deleteTag(String id, String key) {
        database.write(session -> {
            active(session, id);
            if (!TAGS.delete(session, number(id), key)) {
                throw notFound("No tag with name: %s in experiment with id %s".formatted(key, id));
            }
            return id;
        });
    }

    @Override
    public Page<Experiment> search(ExperimentSearch search) {
        List<Comparison> filter = FilterParser.filter(Subject.EXPERIMENTS, search.filter());
        List<OrderBy> order = FilterParser.order(Subject.EXPERIMENTS, search.orderBy());
        Query query = new Query(COLUMNS + " FROM experiments e");
        addView(query, "e.lifecycle", search.view());
        Filters filters = new Filters(query, database.dialect(), SOURCES, SqlExperiments::column);
        filter.forEach(filters::add);
        order.forEach(filters::add);
        if (order.stream().noneMatch(key -> key.field().key().equals("creation_time"))) {
            query.orderBy("e.created DESC");
        }
        query.orderBy("e.id");
        long offset = Offsets.of(search.pageToken());
        List<Experiment> found =
                database.read(session -> list(session, query.sql(), query.arguments(search.maxResults() + 1, offset)));
        return Offsets.page(found, offset, search.maxResults());
    }

    /** The number of an experiment that runs may be added to. */
    static Experiment active(Session session, String id) throws SQLException {
        Experiment experiment = byId(session, number(id));
        if (experiment.lifecycle() != Lifecycle.ACTIVE) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The experiment %s must be in the 'active' state. Current state is deleted.".formatted(id));
        }
        return experiment;
    }

    static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw ArclightException.badInput(
                    "Invalid experiment ID '%s'. Experiment ID must be a valid integer.".formatted(id));
        }
    }

    static void addView(Query query, String column, View view) {
        switch (view) {
            case ACTIVE_ONLY -> query.where(column + " = 'active'");
            case DELETED_ONLY -> query.where(column + " = 'deleted'");
            case ALL -> {}
        }
    }

    private static long insert(Session session, String name, Optional<String> location, Map<String, String> tags)
            throws SQLException {
        long now = System.currentTimeMillis();
        long id = session.insert(
                "INSERT INTO experiments (name, artifact_location, lifecycle, created, updated)"
                        + " VALUES (?, ?, 'active', ?, ?) RETURNING id",
                name,
                location.orElse(""),
                now,
                now);
        if (location.isEmpty()) {
            session.update(
                    "UPDATE experiments SET artifact_location = ? WHERE id = ?", LocalArtifacts.SCHEME + "/" + id, id);
        }
        TAGS.put(session, id, tags);
        return id;
    }

    private static void mark(Session session, String id, Lifecycle lifecycle, long now) throws SQLException {
        session.update(
                "UPDATE experiments SET lifecycle = ?, updated = ? WHERE id = ?", lifecycle.text(), now, number(id));
    }

    private static void refuseDuplicate(Session session, String name) throws SQLException {
        Optional<Experiment> other = byName(session, name);
        if (other.isPresent()) {
            throw new ArclightException(
                    ErrorCode.ALREADY_EXISTS,
                    "Experiment '%s' already exists%s"
                            .formatted(
                                    name,
                                    other.get().lifecycle() == Lifecycle.DELETED
                                            ? " in deleted state: restore it (id %s) or use another name"
                                                    .formatted(other.get().id())
                                            : ""));
        }
    }

    private static Experiment byId(Session session, long id) throws SQLException {
        return list(session, COLUMNS + " FROM experiments e WHERE e.id = ?", id).stream()
                .findFirst()
                .orElseThrow(() -> notFound("No Experiment with id=%d exists".formatted(id)));
    }

    private static Optional<Experiment> byName(Session session, String name) throws SQLException {
        return list(session, COLUMNS + " FROM experiments e WHERE e.name = ?", name).stream()
                .findFirst();
    }

    private static List<Experiment> list(Session session, String sql, Object... arguments) throws SQLException {
        List<Experiment> bare = session.list(sql, row -> read(row, Map.of()), arguments);
        Map<Long, Map<String, String>> tags = TAGS.of(
                session,
                new KeyValues.Numbers(bare.stream().map(e -> number(e.id())).toList()));
        return bare.stream()
                .map(e -> new Experiment(
                        e.id(),
                        e.name(),
                        e.artifactLocation(),
                        e.lifecycle(),
                        e.createdMillis(),
                        e.updatedMillis(),
                        tags.getOrDefault(number(e.id()), Map.of())))
                .toList();
    }

    private static Experiment read(ResultSet row, Map<String, String> tags) throws SQLException {
        return new Experiment(
                Long.toString(row.getLong(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4).equals("active") ? Lifecycle.ACTIVE : Lifecycle.DELETED,
                row.getLong(5),
                row.getLong(6),
                tags);
    }

    private static Column column(Field field) {
        return switch (field.key()) {
            case "experiment_id" -> Column.text("CAST(e.id AS TEXT)");
            case "creation_time" -> Column.number("e.created");
            case "last_update_time" -> Column.number("e.updated");
            default -> Column.text("e.name");
        };
    }
}
