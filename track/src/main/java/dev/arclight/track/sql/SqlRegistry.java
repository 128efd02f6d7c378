package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Limits;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Page;
import dev.arclight.track.Promotion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Registration;
import dev.arclight.track.Registry;
import dev.arclight.track.RegistrySearch;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry in a database. */
final class SqlRegistry implements Registry {
    private static final List<String> STAGES = List.of("None", "Staging", "Production", "Archived");

    private final Database database;

    SqlRegistry(Database database) {
        this.database = database;
    }

    @Override
    public RegisteredModel create(String name, String description, Map<String, String> tags) {
        Limits.checkModelName(name);
        tags.forEach(Limits::checkModelTag);
        return database.write(session -> {
            refuseDuplicate(session, name);
            insert(session, name, description, tags);
            return RegistryRows.load(session, name);
        });
    }

    @Override
    public Optional<RegisteredModel> find(String name) {
        return database.read(session -> RegistryRows.find(session, name).isPresent()
                ? Optional.of(RegistryRows.load(session, name))
                : Optional.empty());
    }

    @Override
    public RegisteredModel load(String name) {
        return database.read(session -> RegistryRows.load(session, name));
    }

    @Override
    public RegisteredModel rename(String name, String newName) {
        Limits.checkModelName(newName);
        return database.write(session -> {
            long id = RegistryRows.id(session, name);
            if (!name.equals(newName)) {
                refuseDuplicate(session, newName);
            }
            session.update("UPDATE registered_models SET name = ? WHERE id = ?", newName, id);
            touch(session, id);
            return RegistryRows.load(session, newName);
        });
    }

    @Override
    public RegisteredModel describe(String name, String description) {
        return database.write(session -> {
            long id = RegistryRows.id(session, name);
            session.update("UPDATE registered_models SET description = ? WHERE id = ?", description, id);
            touch(session, id);
            return RegistryRows.load(session, name);
        });
    }

    @Override
    public void delete(String name) {
        database.write(session -> {
            long id = RegistryRows.id(session, name);
            for (String table : List.of("aliases", "version_tags", "versions", "registered_model_tags")) {
                session.update("DELETE FROM " + table + " WHERE model_id = ?", id);
            }
            return session.update("DELETE FROM registered_models WHERE id = ?", id);
        });
    }

    @Override
    public void setTag(String name, String key, String value) {
        Limits.checkModelTag(key, value);
        database.write(session -> {
            RegistryRows.TAGS.put(session, RegistryRows.id(session, name), Map.of(key, value));
            return name;
        });
    }

    @Override
    public void deleteTag(String name, String key) {
        database.write(session -> RegistryRows.TAGS.delete(session, RegistryRows.id(session, name), key));
    }

    @Override
    public Page<RegisteredModel> search(RegistrySearch search) {
        return new RegistryQueries(database).models(search);
    }

    @Override
    public ModelVersion register(Registration registration) {
        return database.write(session -> {
            if (RegistryRows.find(session, registration.name()).isEmpty()) {
                insert(session, registration.name(), "", Map.of());
            }
            return add(session, registration);
        });
    }

    @Override
    public ModelVersion addVersion(Registration registration) {
        return database.write(session -> add(session, registration));
    }

    @Override
    public ModelVersion version(String name, int version) {
        return database.read(session -> RegistryRows.version(session, name, version));
    }

    @Override
    public Optional<ModelVersion> findByAlias(String name, String alias) {
        return database.read(session -> {
            long id = RegistryRows.id(session, name);
            String version = alias.equalsIgnoreCase("latest")
                    ? "(SELECT max(version) FROM versions WHERE model_id = ? AND '' <> ?)"
                    : "(SELECT version FROM aliases WHERE model_id = ? AND alias = ?)";
            return RegistryRows.versions(
                            session,
                            RegistryRows.VERSION + RegistryRows.VERSIONS + " WHERE v.model_id = ? AND v.version = "
                                    + version,
                            id,
                            id,
                            alias)
                    .stream()
                    .findFirst();
        });
    }

    @Override
    public List<ModelVersion> versions(String name) {
        return database.read(session -> RegistryRows.versions(
                session,
                RegistryRows.VERSION + RegistryRows.VERSIONS + " WHERE v.model_id = ? ORDER BY v.version DESC",
                RegistryRows.id(session, name)));
    }

    @Override
    public Page<ModelVersion> searchVersions(RegistrySearch search) {
        return new RegistryQueries(database).versions(search);
    }

    @Override
    public ModelVersion describeVersion(String name, int version, String description) {
        return change(
                name,
                version,
                (session, id) -> session.update(
                        "UPDATE versions SET description = ? WHERE model_id = ? AND version = ?",
                        description,
                        id,
                        version));
    }

    @Override
    public void deleteVersion(String name, int version) {
        database.write(session -> {
            RegistryRows.version(session, name, version);
            long id = RegistryRows.id(session, name);
            Aliases.removeAll(session, id, name, version, "version %d was deleted".formatted(version));
            session.update("DELETE FROM version_tags WHERE model_id = ? AND version = ?", id, version);
            session.update("DELETE FROM versions WHERE model_id = ? AND version = ?", id, version);
            touch(session, id);
            return id;
        });
    }

    @Override
    public void setVersionTag(String name, int version, String key, String value) {
        Limits.checkModelTag(key, value);
        change(name, version, (session, id) -> putVersionTag(session, id, version, key, value));
    }

    @Override
    public void deleteVersionTag(String name, int version, String key) {
        change(
                name,
                version,
                (session, id) -> session.update(
                        "DELETE FROM version_tags WHERE model_id = ? AND version = ? AND key = ?", id, version, key));
    }

    @Override
    public ModelVersion transition(String name, int version, String stage, boolean archiveOthers) {
        String canonical = STAGES.stream()
                .filter(known -> known.equalsIgnoreCase(stage))
                .findFirst()
                .orElseThrow(() ->
                        badInput("Invalid Model Version stage: %s. Value must be one of %s.".formatted(stage, STAGES)));
        if (archiveOthers && !canonical.equals("Staging") && !canonical.equals("Production")) {
            throw badInput(("Model version transition cannot archive existing model versions because '%s' is not an"
                            + " Active stage. Valid stages are Staging and Production")
                    .formatted(stage));
        }
        return change(name, version, (session, id) -> {
            if (archiveOthers) {
                session.update(
                        "UPDATE versions SET stage = 'Archived', updated = ?"
                                + " WHERE model_id = ? AND stage = ? AND version <> ?",
                        System.currentTimeMillis(),
                        id,
                        canonical,
                        version);
            }
            session.update("UPDATE versions SET stage = ? WHERE model_id = ? AND version = ?", canonical, id, version);
        });
    }

    @Override
    public AliasChange promote(Promotion promotion) {
        return database.write(session -> Aliases.promote(session, promotion));
    }

    @Override
    public AliasChange rollback(String name, String alias, String who, String why) {
        return database.write(session -> Aliases.rollback(session, name, alias, who, why));
    }

    @Override
    public void removeAlias(String name, String alias, String who, String why) {
        database.write(session -> {
            Aliases.remove(session, name, alias, who, why);
            return name;
        });
    }

    @Override
    public List<AliasChange> history(String name) {
        return database.read(session -> Aliases.history(session, name));
    }

    private interface Change {
        void in(Session session, long id) throws SQLException;
    }

    private ModelVersion change(String name, int version, Change change) {
        return database.write(session -> {
            long id = RegistryRows.id(session, name);
            int found = session.update(
                    "UPDATE versions SET updated = ? WHERE model_id = ? AND version = ?",
                    System.currentTimeMillis(),
                    id,
                    version);
            if (found == 0) {
                throw RegistryRows.missing(name, version);
            }
            change.in(session, id);
            touch(session, id);
            return RegistryRows.version(session, name, version);
        });
    }

    private static ModelVersion add(Session session, Registration registration) throws SQLException {
        if (registration.source().isBlank()) {
            throw badInput(
                    "A version of model '%s' needs a source, such as models:/m-…".formatted(registration.name()));
        }
        long id = RegistryRows.id(session, registration.name());
        String loggedModel = LoggedModel.idIn(registration.source()).orElse("");
        String runId = registration.runId();
        if (!loggedModel.isEmpty()) {
            LoggedModel model = LoggedModelRows.load(session, loggedModel);
            runId = runId.isEmpty() ? model.runId() : runId;
        }
        long now = System.currentTimeMillis();
        session.update(
                "UPDATE registered_models SET last_version = last_version + 1, updated = ? WHERE id = ?", now, id);
        int version = session.first("SELECT last_version FROM registered_models WHERE id = ?", row -> row.getInt(1), id)
                .orElseThrow();
        session.update(
                "INSERT INTO versions (model_id, version, source, run_uuid, logged_model, stage, description,"
                        + " user_name, run_link, created, updated) VALUES (?, ?, ?, ?, ?, 'None', ?, ?, ?, ?, ?)",
                id,
                version,
                registration.source(),
                runId,
                loggedModel,
                registration.description(),
                registration.user().isEmpty() ? System.getProperty("user.name", "unknown") : registration.user(),
                registration.runLink(),
                now,
                now);
        for (Map.Entry<String, String> tag : registration.tags().entrySet()) {
            putVersionTag(session, id, version, tag.getKey(), tag.getValue());
        }
        return RegistryRows.version(session, registration.name(), version);
    }

    private static void putVersionTag(Session session, long id, int version, String key, String value)
            throws SQLException {
        session.update(
                "INSERT INTO version_tags (model_id, version, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (model_id, version, key) DO UPDATE SET value = excluded.value",
                id,
                version,
                key,
                value);
    }

    private static void insert(Session session, String name, String description, Map<String, String> tags)
            throws SQLException {
        long now = System.currentTimeMillis();
        long id = session.insert(
                "INSERT INTO registered_models (name, description, created, updated, last_version)"
                        + " VALUES (?, ?, ?, ?, 0) RETURNING id",
                name,
                description,
                now,
                now);
        RegistryRows.TAGS.put(session, id, tags);
    }

    private static void touch(Session session, long id) throws SQLException {
        session.update("UPDATE registered_models SET updated = ? WHERE id = ?", System.currentTimeMillis(), id);
    }

    private static void refuseDuplicate(Session session, String name) throws SQLException {
        if (RegistryRows.find(session, name).isPresent()) {
            throw new ArclightException(
                    ErrorCode.ALREADY_EXISTS, "Registered Model (name=%s) already exists.".formatted(name));
        }
    }
}
