package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/** Opens connections to one SQLite file, set up as the store needs them. */
final class SqliteConnections implements Connections {
    /** Marks a file as a tracking store: "Arcl". */
    private static final int APPLICATION_ID = 0x4172636c;

    private static final int BUSY_MILLIS = 30_000;
    private static final int OPEN_ATTEMPTS = 50;

    private final Path file;

    SqliteConnections(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public String beginWriting() {
        return "BEGIN IMMEDIATE";
    }

    @Override
    public String beginReading() {
        return "BEGIN";
    }

    @Override
    public ArclightException explain(SQLException cause) {
        return SqliteErrors.explain(file, cause);
    }

    @Override
    public boolean isLost(SQLException cause) {
        return false;
    }

    @Override
    public Session openWriter() {
        Session session = open();
        try {
            session.execute("PRAGMA foreign_keys = ON");
            // FULL: a commit returns when the log is on the disk, so what was acknowledged survives a power cut.
            session.execute("PRAGMA synchronous = FULL");
            session.execute("PRAGMA journal_size_limit = 67108864");
            // 16 MB: a page that many commits change goes into the file once, not once for each 4 MB of log.
            session.execute("PRAGMA wal_autocheckpoint = 4000");
            session.execute("PRAGMA cache_size = -8000");
            int version = version(session);
            if (version != Migrations.LATEST) {
                migrate(session);
            }
            return session;
        } catch (SQLException e) {
            ArclightException explained = SqliteErrors.explain(file, e);
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
            session.execute("PRAGMA query_only = ON");
            session.execute("PRAGMA cache_size = -4000"); // what is not in it is in the system's cache, once for all
            return session;
        } catch (SQLException e) {
            ArclightException explained = SqliteErrors.explain(file, e);
            session.closeBecause(explained);
            throw explained;
        }
    }

    private Session open() {
        Properties settings = new Properties();
        settings.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
        try {
            Session session =
                    new Session(new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), settings), dialect());
            try {
                session.execute("PRAGMA case_sensitive_like = ON");
                session.execute("PRAGMA temp_store = MEMORY");
                return session;
            } catch (SQLException | RuntimeException e) {
                session.closeBecause(e);
                throw e;
            }
        } catch (SQLException e) {
            throw SqliteErrors.explain(file, e);
        }
    }

    private int version(Session session) throws SQLException {
        int version = number(session, "PRAGMA user_version");
        if (version > Migrations.LATEST) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The store %s has schema version %d, this Arclight knows up to %d: use the newer Arclight that made it"
                            .formatted(file, version, Migrations.LATEST));
        }
        if (version > 0 && number(session, "PRAGMA application_id") != APPLICATION_ID) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "%s is a database of another program; name another folder for the store".formatted(file));
        }
        return version;
    }

    private void migrate(Session session) throws SQLException {
        // Flyway keeps two programs apart on other databases, but not on SQLite.
        MigrationLock lock = MigrationLock.take(file);
        try {
            int version = version(session); // another program may have been first
            if (version == Migrations.LATEST) {
                return;
            }
            if (version == 0) {
                claim(session);
            }
            enterWriteAheadMode(session);
            Migrations.run(name(), session.shared(), dialect(), version);
            session.execute("PRAGMA user_version = " + Migrations.LATEST);
        } finally {
            lock.close();
        }
    }

    /** Marks a file as ours that is empty, or that we began and did not end. */
    private void claim(Session session) throws SQLException {
        if (number(session, "PRAGMA application_id") != APPLICATION_ID) {
            if (number(session, "SELECT count(*) FROM sqlite_master") > 0) {
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "%s is a database of another program; name another folder for the store".formatted(file));
            }
            session.execute("PRAGMA application_id = " + APPLICATION_ID);
        }
    }

    /** SQLite does not wait for a lock here as it does elsewhere, so two processes making a store need this. */
    private static void enterWriteAheadMode(Session session) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                session.execute("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLiteException e) {
                if ((e.getResultCode().code & 0xff) != 5 || attempt == OPEN_ATTEMPTS) {
                    throw e;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while opening the store", e);
            }
        }
    }

    private static int number(Session session, String sql) throws SQLException {
        return session.first(sql, row -> row.getInt(1)).orElse(0);
    }
}
