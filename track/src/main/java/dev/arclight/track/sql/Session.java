package dev.arclight.track.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection within one transaction, with its prepared statements kept. For one thread at a time. */
final class Session implements AutoCloseable {
    private static final int KEPT_STATEMENTS = 128;
    private static final Object[] NONE = {};

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** What is done within a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final Connection connection;
    private final Dialect dialect;
    private final LinkedHashMap<String, PreparedStatement> statements = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<String, Long> metricKeys = new java.util.HashMap<>();

    Session(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /** This session's connection as one that Flyway cannot close. */
    SingleConnection shared() {
        return new SingleConnection(connection);
    }

    /** All rows. */
    <T> List<T> list(String sql, Row<T> row, Object... arguments) throws SQLException {
        return run(sql, arguments, statement -> {
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(row.read(rows));
                }
            }
            return found;
        });
    }

    /** The first row, if there is one. */
    <T> Optional<T> first(String sql, Row<T> row, Object... arguments) throws SQLException {
        return run(sql, arguments, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
            }
        });
    }

    /** Changes rows; how many. */
    int update(String sql, @Nullable Object... arguments) throws SQLException {
        return run(sql, arguments, PreparedStatement::executeUpdate);
    }

    /** Inserts one row by a statement that ends in {@code RETURNING id}; the id. */
    long insert(String sql, @Nullable Object... arguments) throws SQLException {
        return run(sql, arguments, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    /** Begins, marks or ends a transaction: a statement without arguments or rows that comes with every write. */
    void control(String sql) throws SQLException {
        boolean unused = run(sql, NONE, PreparedStatement::execute);
    }

    /** Runs a statement that is not worth keeping. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What this session knows of metric names; valid while the transactions that made them hold. */
    Map<String, Long> metricKeys() {
        return metricKeys;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Closes after a failure, which is thrown on. */
    void closeBecause(Exception failure) {
        try {
            close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, @Nullable Object[] arguments, Execution<T> execution) throws SQLException {
        PreparedStatement statement = prepare(sql, arguments);
        try {
            return execution.of(statement);
        } catch (SQLException | RuntimeException e) {
            // The driver gives up a statement that failed, and would refuse to run it again.
            statements.remove(sql);
            try {
                statement.close();
            } catch (SQLException secondary) {
                e.addSuppressed(secondary);
            }
            throw e;
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object[] arguments) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
            if (statements.size() > KEPT_STATEMENTS) {
                String eldest = statements.keySet().iterator().next();
                PreparedStatement dropped = statements.remove(eldest);
                if (dropped != null) {
                    dropped.close();
                }
            }
        }
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument instanceof String text) {
                statement.setString(i + 1, text);
            } else if (argument instanceof Long number) {
                statement.setLong(i + 1, number);
            } else if (argument instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else if (argument instanceof Double number) {
                statement.setDouble(i + 1, number);
            } else if (argument == null) {
                statement.setObject(i + 1, null);
            } else {
                throw new IllegalArgumentException("No SQL type for " + argument.getClass());
            }
        }
        return statement;
    }
}
