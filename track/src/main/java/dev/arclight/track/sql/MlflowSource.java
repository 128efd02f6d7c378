package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An MLflow database that is only read, in one transaction, so that what a server writes meanwhile is left out whole.
 * For one thread.
 */
final class MlflowSource implements AutoCloseable {
    private static final int CHUNK = 5000;

    private final String uri;
    private final Connection connection;
    private final boolean workspaces;

    private MlflowSource(String uri, Connection connection, boolean workspaces) {
        this.uri = uri;
        this.connection = connection;
        this.workspaces = workspaces;
    }

    /**
     * Opens a database.
     *
     * @param uri as MLflow takes it ({@code sqlite:///mlflow.db}, {@code postgresql://user@host/db}), or the path of an
     *     SQLite file
     * @param password of a PostgreSQL user, if it needs one
     */
    static MlflowSource open(String uri, @Nullable String password) {
        Properties properties = new Properties();
        String jdbc = jdbc(uri, properties);
        if (password != null) {
            properties.setProperty("password", password);
        }
        try {
            Connection connection = DriverManager.getConnection(jdbc, properties);
            try {
                connection.setAutoCommit(false);
                boolean workspaces = hasWorkspaces(connection);
                MlflowSource source = new MlflowSource(uri, connection, workspaces);
                source.check();
                return source;
            } catch (SQLException | RuntimeException e) {
                try {
                    connection.close();
                } catch (SQLException secondary) {
                    e.addSuppressed(secondary);
                }
                throw e;
            }
        } catch (SQLException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "Cannot read %s as a database of MLflow: %s".formatted(uri, e.getMessage()),
                    e);
        }
    }

    private static String jdbc(String uri, Properties properties) {
        if (uri.startsWith("postgresql")) {
            URI parsed = URI.create("postgresql" + uri.substring(uri.indexOf(':')));
            String user = parsed.getUserInfo();
            if (user != null && user.indexOf(':') >= 0) {
                throw ArclightException.badInput(
                        "The URI of the database holds a password, which others on this machine can see; leave it out and put it into the environment as PGPASSWORD");
            }
            if (user != null) {
                properties.setProperty("user", user);
            }
            properties.setProperty("readOnly", "true");
            int port = parsed.getPort() < 0 ? 5432 : parsed.getPort();
            return "jdbc:postgresql://%s:%d%s".formatted(parsed.getHost(), port, parsed.getPath());
        }
        Path file = Path.of(uri.startsWith("sqlite:///") ? uri.substring("sqlite:///".length()) : uri);
        if (!Files.isRegularFile(file)) {
            throw ArclightException.notFound(
                    "There is no database %s; expected the path of MLflow's SQLite file, sqlite:///PATH or postgresql://USER@HOST/DATABASE"
                            .formatted(uri));
        }
        return "jdbc:sqlite:" + file.toAbsolutePath();
    }

    private static boolean hasWorkspaces(Connection connection) throws SQLException {
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, "experiments", "workspace")) {
            return columns.next();
        }
    }

    private void check() throws SQLException {
        if (workspaces && count("SELECT count(DISTINCT workspace) FROM experiments") > 1) {
            throw ArclightException.badInput(
                    "%s has more than one workspace, and this store has no such thing: import one at a time"
                            .formatted(uri));
        }
    }

    /** Whether there is such a table: databases of early versions lack some. */
    boolean has(String table) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, table, new String[] {"TABLE"})) {
            return tables.next();
        }
    }

    long count(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Reads all rows of a query, some thousands at a time; columns are null, Long, Double or String. */
    void each(String sql, Consumer<List<@Nullable Object[]>> chunks) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(CHUNK);
            try (ResultSet rows = statement.executeQuery(sql)) {
                int width = rows.getMetaData().getColumnCount();
                List<@Nullable Object[]> chunk = new ArrayList<>();
                while (rows.next()) {
                    @Nullable Object[] row = new Object[width];
                    for (int i = 0; i < width; i++) {
                        row[i] = plain(rows.getObject(i + 1));
                    }
                    chunk.add(row);
                    if (chunk.size() == CHUNK) {
                        chunks.accept(chunk);
                        chunk = new ArrayList<>();
                    }
                }
                if (!chunk.isEmpty()) {
                    chunks.accept(chunk);
                }
            }
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof Double || value instanceof Float || value instanceof java.math.BigDecimal) {
            return ((Number) value).doubleValue();
        }
        return value instanceof Number number ? (Object) number.longValue() : value == null ? null : value.toString();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
