package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.AliasChange;
import dev.arclight.track.AliasChange.Kind;
import dev.arclight.track.Promotion;
import dev.arclight.track.gates.Gate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Moves aliases; each move is written to the history in the same transaction. */
final class Aliases {
    private static final String HISTORY = "SELECT h.name, h.alias, h.kind, h.from_version, h.to_version, h.at, h.who,"
            + " h.why, h.evidence FROM alias_history h WHERE h.model_id = ?";

    private Aliases() {}

    static AliasChange promote(Session session, Promotion promotion) throws SQLException {
        long model = RegistryRows.id(session, promotion.name());
        requireVersion(session, model, promotion.name(), promotion.toVersion());
        OptionalInt now = current(session, model, promotion.alias());
        promotion.requireExpected(now);
        Promotion told = Gate.marked(promotion, RegistryRows.TAGS.of(session, model));
        return move(
                session,
                model,
                new AliasChange(
                        promotion.name(),
                        promotion.alias(),
                        Kind.PROMOTE,
                        now,
                        OptionalInt.of(promotion.toVersion()),
                        System.currentTimeMillis(),
                        promotion.who(),
                        promotion.why(),
                        told.evidence()));
    }

    static AliasChange rollback(Session session, String name, String alias, String who, String why)
            throws SQLException {
        long model = RegistryRows.id(session, name);
        OptionalInt now = current(session, model, alias);
        int target = AliasChange.rollbackTarget(name, alias, now, history(session, name));
        requireVersion(session, model, name, target);
        return move(
                session,
                model,
                new AliasChange(
                        name,
                        alias,
                        Kind.ROLLBACK,
                        now,
                        OptionalInt.of(target),
                        System.currentTimeMillis(),
                        who,
                        why,
                        Map.of()));
    }

    static void remove(Session session, String name, String alias, String who, String why) throws SQLException {
        long model = RegistryRows.id(session, name);
        OptionalInt now = current(session, model, alias);
        if (now.isPresent()) {
            move(
                    session,
                    model,
                    new AliasChange(
                            name,
                            alias,
                            Kind.REMOVE,
                            now,
                            OptionalInt.empty(),
                            System.currentTimeMillis(),
                            who,
                            why,
                            Map.of()));
        }
    }

    /** Removes what names a version that goes away. */
    static void removeAll(Session session, long model, String name, int version, String why) throws SQLException {
        for (String alias : session.list(
                "SELECT alias FROM aliases WHERE model_id = ? AND version = ?",
                row -> row.getString(1),
                model,
                version)) {
            remove(session, name, alias, System.getProperty("user.name", "unknown"), why);
        }
    }

    static List<AliasChange> history(Session session, String name) throws SQLException {
        return session.list(HISTORY + " ORDER BY h.id", Aliases::read, RegistryRows.id(session, name));
    }

    private static OptionalInt current(Session session, long model, String alias) throws SQLException {
        return session.first(
                        "SELECT version FROM aliases WHERE model_id = ? AND alias = ?",
                        row -> OptionalInt.of(row.getInt(1)),
                        model,
                        alias)
                .orElse(OptionalInt.empty());
    }

    private static AliasChange move(Session session, long model, AliasChange change) throws SQLException {
        if (change.to().isPresent()) {
            session.update(
                    "INSERT INTO aliases (model_id, alias, version) VALUES (?, ?, ?)"
                            + " ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version",
                    model,
                    change.alias(),
                    change.to().getAsInt());
        } else {
            session.update("DELETE FROM aliases WHERE model_id = ? AND alias = ?", model, change.alias());
        }
        session.update(
                "INSERT INTO alias_history (model_id, name, alias, kind, from_version, to_version, at, who, why, evidence)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                model,
                change.name(),
                change.alias(),
                change.kind().name(),
                change.from().isPresent() ? change.from().getAsInt() : null,
                change.to().isPresent() ? change.to().getAsInt() : null,
                change.atMillis(),
                change.who(),
                change.why(),
                Json.of(change.evidence()));
        return change;
    }

    private static void requireVersion(Session session, long model, String name, int version) throws SQLException {
        if (session.first("SELECT 1 FROM versions WHERE model_id = ? AND version = ?", row -> 1, model, version)
                .isEmpty()) {
            throw notFound("Model Version (name=%s, version=%d) not found".formatted(name, version));
        }
    }

    private static AliasChange read(ResultSet row) throws SQLException {
        return new AliasChange(
                row.getString(1),
                row.getString(2),
                Kind.valueOf(row.getString(3)),
                number(row, 4),
                number(row, 5),
                row.getLong(6),
                row.getString(7),
                row.getString(8),
                Json.texts(row.getString(9)));
    }

    private static OptionalInt number(ResultSet row, int column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
