package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections to a PostgreSQL database. Writers of all processes take turns by an advisory lock that a
 * transaction holds until it has ended, so each one decides on what the one before it left, as in a SQLite file.
 */
final class PostgresConnections implements Connections {
    /** Keeps the store's writers apart from other users of advisory locks: "Arcl". */
    private static final long LOCK = 0x4172636c;

    private static final int CONNECT_SECONDS = 10;
    private static final int SOCKET_SECONDS = 150;

    private final String name;
    private final PGSimpleDataSource source;

    /** @param url {@code jdbc:postgresql://…} without a password */
    PostgresConnections(String url, Optional<String> user, Optional<String> password) {
        this.name = url.replaceFirst("\\?.*$", "");
        this.source = new PGSimpleDataSource();
        source.setUrl(url);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(SOCKET_SECONDS);
        source.setTcpKeepAlive(true);
        source.setApplicationName("arclight-tracking");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRES;
    }

    @Override
    public Session openWriter() {
        Session session = open();
        try {
            session.execute("SET lock_timeout = '100s'; SET statement_timeout = '120s'");
            int version = version(session);
            if (version > Migrations.LATEST) {
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "The store %s has schema version %d, this Arclight knows up to %d: use the newer Arclight that made it"
                                .formatted(name, version, Migrations.LATEST));
            }
            if (version < Migrations.LATEST) {
                Migrations.run(name, source, dialect(), version);
            }
            return session;
        } catch (SQLException e) {
            ArclightException explained = explain(e);
            session.closeBecause(explained);
            throw explained;
        } catch (RuntimeException e) {
            session.closeBecause(e);
            throw e;
        }
    }

    @Override
    public Session openReader() {
        Session session = open();
        try {
            session.execute("SET default_transaction_read_only = on; SET statement_timeout = '120s'");
            return session;
        } catch (SQLException e) {
            ArclightException explained = explain(e);
            session.closeBecause(explained);
            throw explained;
        }
    }

    @Override
    public String beginWriting() {
        return "BEGIN; SELECT pg_advisory_xact_lock(" + LOCK + ")";
    }

    @Override
    public String beginReading() {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    }

    @Override
    public boolean isLost(SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    @Override
    public ArclightException explain(SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        if (isLost(cause) || state.startsWith("53")) {
            return new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The database %s did not do its part: %s; nothing was written".formatted(name, said),
                    cause);
        }
        if (state.startsWith("28")) {
            return new ArclightException(
                    ErrorCode.FORBIDDEN,
                    ("The database %s does not let us in: %s; set PGUSER, and PGPASSWORD or"
                                    + " ARCLIGHT_TRACKING_PASSWORD_FILE")
                            .formatted(name, said),
                    cause);
        }
        return switch (state) {
            case "3D000" ->
                new ArclightException(
                        ErrorCode.NOT_FOUND, "There is no database %s; make it by: createdb".formatted(name), cause);
            case "55P03", "57014" ->
                new ArclightException(
                        ErrorCode.TIMEOUT,
                        "Another program kept the store %s locked for too long; end it or wait, then repeat"
                                .formatted(name),
                        cause);
            case "22021" ->
                new ArclightException(
                        ErrorCode.BAD_INPUT, "A text holds a character that PostgreSQL cannot keep (U+0000)", cause);
            case "42501", "25006" ->
                new ArclightException(ErrorCode.FORBIDDEN, "The database %s refuses: %s".formatted(name, said), cause);
            default ->
                new ArclightException(ErrorCode.INTERNAL, "The store %s failed: %s".formatted(name, said), cause);
        };
    }

    private Session open() {
        try {
            return new Session(source.getConnection(), dialect());
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    /** 0 if there is no schema yet. */
    private static int version(Session session) throws SQLException {
        boolean made = session.first(
                        "SELECT to_regclass('flyway_schema_history') IS NOT NULL", row -> row.getBoolean(1))
                .orElse(false);
        return made
                ? session.first(
                                "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank DESC"
                                        + " LIMIT 1",
                                row -> row.getInt(1))
                        .orElse(0)
                : 0;
    }
}
