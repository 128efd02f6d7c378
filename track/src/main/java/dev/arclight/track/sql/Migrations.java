package dev.arclight.track.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The versions of the schema: script {@code V<n>__<what>.sql} leads from version n-1 to n. A script that was released
 * is never changed. Why not Flyway: decision 020.
 */
final class Migrations {
    private static final List<String> SCRIPTS = List.of("V1__tracking.sql");

    private Migrations() {}

    /** The version that this program works with. */
    static int latest() {
        return SCRIPTS.size();
    }

    /** Leads from version {@code from} to the latest, within the transaction of {@code session}. */
    static void apply(Session session, Dialect dialect, int from) throws SQLException {
        session.execute("CREATE TABLE IF NOT EXISTS schema_versions"
                + " (version INTEGER PRIMARY KEY, script TEXT NOT NULL, applied BIGINT NOT NULL)");
        for (int version = from + 1; version <= latest(); version++) {
            String script = SCRIPTS.get(version - 1);
            for (String statement : statements(read(script), dialect)) {
                session.execute(statement);
            }
            session.update(
                    "INSERT INTO schema_versions (version, script, applied) VALUES (?, ?, ?)",
                    version,
                    script,
                    System.currentTimeMillis());
        }
    }

    private static List<String> statements(String script, Dialect dialect) {
        String text = script.lines()
                .filter(line -> !line.startsWith("--"))
                .reduce("", (all, line) -> all + line + "\n")
                .replace("{identity}", dialect.identity())
                .replace("{text}", dialect.text())
                .replace("{double}", dialect.doublePrecision())
                .replace("{clustered}", dialect.clustered())
                .replace("{now}", Long.toString(System.currentTimeMillis()));
        List<String> statements = new ArrayList<>();
        for (String part : text.split(";\\s*\n", -1)) {
            String statement = part.strip();
            if (statement.startsWith("{append_only ")) {
                statements.addAll(
                        dialect.appendOnly(statement.substring("{append_only ".length(), statement.length() - 1)));
            } else if (!statement.isEmpty()) {
                statements.add(statement);
            }
        }
        return statements;
    }

    private static String read(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its schema script " + script);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the schema script " + script, e);
        }
    }
}
