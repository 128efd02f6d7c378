package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.ModelVersion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.sql.KeyValues.Numbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads registered models and versions with all that belongs to them. */
final class RegistryRows {
    static final KeyValues TAGS = new KeyValues("registered_model_tags", "model_id");
    static final String MODEL = "SELECT m.id, m.name, m.description, m.created, m.updated";
    static final String VERSION = "SELECT v.model_id, m.name, v.version, v.source, v.run_uuid, v.logged_model, v.stage,"
            + " v.description, v.user_name, v.run_link, v.created, v.updated";
    static final String VERSIONS = " FROM versions v JOIN registered_models m ON m.id = v.model_id";

    private RegistryRows() {}

    static Optional<Long> find(Session session, String name) throws SQLException {
        return session.first("SELECT id FROM registered_models WHERE name = ?", row -> row.getLong(1), name);
    }

    static long id(Session session, String name) throws SQLException {
        return find(session, name)
                .orElseThrow(() -> notFound("Registered Model with name=%s not found".formatted(name)));
    }

    static RegisteredModel load(Session session, String name) throws SQLException {
        id(session, name);
        return models(session, MODEL + " FROM registered_models m WHERE m.name = ?", name)
                .get(0);
    }

    static ModelVersion version(Session session, String name, int version) throws SQLException {
        long id = id(session, name);
        return versions(session, VERSION + VERSIONS + " WHERE v.model_id = ? AND v.version = ?", id, version).stream()
                .findFirst()
                .orElseThrow(() -> missing(name, version));
    }

    static RuntimeException missing(String name, int version) {
        return notFound("Model Version (name=%s, version=%d) not found".formatted(name, version));
    }

    static List<RegisteredModel> models(Session session, String sql, Object... arguments) throws SQLException {
        Map<Long, RegisteredModel> bare = new LinkedHashMap<>();
        session.list(
                sql,
                row -> bare.put(
                        row.getLong(1),
                        new RegisteredModel(
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                row.getLong(5),
                                Map.of(),
                                Map.of(),
                                List.of())),
                arguments);
        Numbers ids = new Numbers(List.copyOf(bare.keySet()));
        Map<Long, Map<String, String>> tags = TAGS.of(session, ids);
        Map<Long, Map<String, Integer>> aliases = aliases(session, bare.keySet());
        Map<String, List<ModelVersion>> latest = latest(session, ids);
        List<RegisteredModel> models = new ArrayList<>(bare.size());
        bare.forEach((id, m) -> models.add(new RegisteredModel(
                m.name(),
                m.description(),
                m.createdMillis(),
                m.updatedMillis(),
                tags.getOrDefault(id, Map.of()),
                aliases.getOrDefault(id, Map.of()),
                latest.getOrDefault(m.name(), List.of()))));
        return models;
    }

    static List<ModelVersion> versions(Session session, String sql, Object... arguments) throws SQLException {
        record Bare(long modelId, ModelVersion version) {}
        List<Bare> bare = session.list(sql, row -> new Bare(row.getLong(1), read(row)), arguments);
        List<Long> ids = bare.stream().map(Bare::modelId).distinct().toList();
        Map<Long, Map<String, Integer>> aliases = aliases(session, ids);
        Map<String, Map<String, String>> tags = versionTags(session, new Numbers(ids));
        return bare.stream()
                .map(one -> complete(
                        one.version(),
                        tags.getOrDefault(one.modelId() + "/" + one.version().version(), Map.of()),
                        aliases.getOrDefault(one.modelId(), Map.of())))
                .toList();
    }

    private static ModelVersion complete(ModelVersion v, Map<String, String> tags, Map<String, Integer> aliases) {
        List<String> its = aliases.entrySet().stream()
                .filter(alias -> alias.getValue() == v.version())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new ModelVersion(
                v.name(),
                v.version(),
                v.source(),
                v.runId(),
                v.modelId(),
                v.stage(),
                v.description(),
                v.user(),
                v.runLink(),
                v.createdMillis(),
                v.updatedMillis(),
                tags,
                its);
    }

    private static ModelVersion read(ResultSet row) throws SQLException {
        return new ModelVersion(
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getLong(11),
                row.getLong(12),
                Map.of(),
                List.of());
    }

    private static Map<Long, Map<String, Integer>> aliases(Session session, Collection<Long> ids) throws SQLException {
        Map<Long, Map<String, Integer>> all = new HashMap<>();
        session.list(
                "SELECT model_id, alias, version FROM aliases WHERE model_id IN "
                        + session.dialect().numbers(),
                row -> all.computeIfAbsent(row.getLong(1), model -> new LinkedHashMap<>())
                        .put(row.getString(2), row.getInt(3)),
                new Numbers(List.copyOf(ids)).json());
        return all;
    }

    private static Map<String, Map<String, String>> versionTags(Session session, Numbers ids) throws SQLException {
        Map<String, Map<String, String>> all = new HashMap<>();
        session.list(
                "SELECT model_id, version, key, value FROM version_tags WHERE model_id IN "
                        + session.dialect().numbers(),
                row -> all.computeIfAbsent(row.getLong(1) + "/" + row.getInt(2), version -> new LinkedHashMap<>())
                        .put(row.getString(3), row.getString(4)),
                ids.json());
        return all;
    }

    /** The newest version of each stage, by the name of the model. */
    private static Map<String, List<ModelVersion>> latest(Session session, Numbers ids) throws SQLException {
        Map<String, List<ModelVersion>> all = new HashMap<>();
        List<ModelVersion> versions = versions(
                session,
                VERSION + VERSIONS + " WHERE v.model_id IN " + session.dialect().numbers()
                        + " AND v.version = (SELECT max(o.version) FROM versions o"
                        + " WHERE o.model_id = v.model_id AND o.stage = v.stage) ORDER BY v.version",
                ids.json());
        for (ModelVersion version : versions) {
            all.computeIfAbsent(version.name(), name -> new ArrayList<>()).add(version);
        }
        return all;
    }
}
