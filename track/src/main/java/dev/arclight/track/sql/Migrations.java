package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The versions of the schema, kept by Flyway: script {@code V<n>__<what>.sql} leads from version n-1 to n. A script
 * that was released is never changed. Words in braces are the database's own: {@link Dialect#words}. See decision 027.
 */
final class Migrations {
    /** The version that this program works with: that of the last script. */
    static final int LATEST = 4;

    /** Until version 1, stores were not made by Flyway. */
    private static final int BASELINE = 1;

    private Migrations() {}

    /**
     * Leads a schema to the latest version. Of two programs that do so at once, one waits.
     *
     * @param name of the database, for a person
     * @param from the version that it has; 0: it is empty
     */
    static void run(String name, DataSource source, Dialect dialect, int from) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:dev/arclight/track/schema")
                    .failOnMissingLocations(true)
                    .validateMigrationNaming(true)
                    .placeholderPrefix("{")
                    .placeholderSuffix("}")
                    .placeholders(dialect.words())
                    .baselineOnMigrate(from > 0)
                    .baselineVersion(Integer.toString(BASELINE))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The schema of the store %s could not be led from version %d to %d: %s"
                            .formatted(name, from, LATEST, e.getMessage()),
                    e);
        }
    }
}
