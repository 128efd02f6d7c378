package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The store in a PostgreSQL database (12 or newer), for a team: many programs and servers on many machines share it.
 *
 * <p>The tables are made on first use, in the first schema of the search path. The password comes from
 * {@code ARCLIGHT_TRACKING_PASSWORD}, {@code PGPASSWORD}, the file that {@code ARCLIGHT_TRACKING_PASSWORD_FILE} names,
 * or {@code ~/.pgpass}; the user from the address ({@code ?user=}), {@code PGUSER}, or it is the one of the system.
 * Artifacts lie at the place that {@code ARCLIGHT_TRACKING_ARTIFACTS} names (see
 * {@link dev.arclight.track.artifacts.ArtifactPlaces}). A URI is kept in the database, and whoever names another is
 * refused; a folder that all programs must share is named by each, since their machines may call it by different names.
 */
public final class PostgresTracking {
    private static final String SCHEME = "jdbc:postgresql:";
    private static final String ARTIFACTS = "ARCLIGHT_TRACKING_ARTIFACTS";
    private static final Pattern SECRET =
            Pattern.compile("(?i).*[?&](password|sslpassword)=.*|jdbc:postgresql://[^/?]*@.*");

    private PostgresTracking() {}

    /** Whether {@code uri} is for {@link #open}. */
    public static boolean isFor(String uri) {
        return uri.startsWith("jdbc:");
    }

    /**
     * Opens the store in the database at {@code url}, making its tables if needed.
     *
     * @param url {@code jdbc:postgresql://host[:port]/database}, without a password
     * @return owned by the caller
     * @throws ArclightException BAD_INPUT if the address is of another database or holds a secret, UNAVAILABLE if there
     *     is no server, FORBIDDEN if it does not let us in, NOT_FOUND if it has no such database
     */
    public static SqlTracking open(String url, Map<String, String> environment) {
        return open(url, environment, value(environment, ARTIFACTS));
    }

    /**
     * The same with artifacts at {@code address}, see {@link dev.arclight.track.artifacts.ArtifactPlaces#open}. The
     * store keeps it if it is no folder of this machine: who opens it without finds them there.
     *
     * @throws ArclightException also BAD_INPUT if the store has its artifacts elsewhere
     */
    public static SqlTracking open(String url, Map<String, String> environment, String address) {
        return open(url, environment, Optional.of(address));
    }

    /** Takes note that the artifacts of a store were copied to {@code address}. No program may have it open. */
    public static void artifactsMoved(String url, Map<String, String> environment, String address) {
        PostgresConnections connections = connections(url, environment);
        try (Database database = WriterAndReaders.open(connections)) {
            address(database, connections).moved(address);
        }
    }

    private static SqlTracking open(String url, Map<String, String> environment, Optional<String> wanted) {
        PostgresConnections connections = connections(url, environment);
        return SqlTracking.open(connections.name(), address(WriterAndReaders.open(connections), connections), wanted);
    }

    private static ArtifactsAddress address(Database database, PostgresConnections connections) {
        return new ArtifactsAddress(database, connections.name(), Optional.empty());
    }

    private static PostgresConnections connections(String url, Map<String, String> environment) {
        if (!url.startsWith(SCHEME)) {
            throw badInput("Cannot open a tracking store in '%s': expected jdbc:postgresql://host/database"
                    .formatted(url.replaceFirst("^(jdbc:[a-zA-Z0-9]*).*", "$1:…")));
        }
        if (SECRET.matcher(url).matches()) {
            throw badInput(
                    "The address of the database holds a password or a user before '@': put the password into the"
                            + " environment (ARCLIGHT_TRACKING_PASSWORD) or a file (ARCLIGHT_TRACKING_PASSWORD_FILE), the user"
                            + " into PGUSER");
        }
        return new PostgresConnections(url, value(environment, "PGUSER"), password(environment));
    }

    private static Optional<String> password(Map<String, String> environment) {
        Optional<String> set =
                value(environment, "ARCLIGHT_TRACKING_PASSWORD").or(() -> value(environment, "PGPASSWORD"));
        Optional<String> file = value(environment, "ARCLIGHT_TRACKING_PASSWORD_FILE");
        if (set.isPresent() || file.isEmpty()) {
            return set;
        }
        try {
            return Optional.of(Files.readString(Path.of(file.get())).strip());
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "Cannot read the file %s that ARCLIGHT_TRACKING_PASSWORD_FILE names (%s)"
                            .formatted(file.get(), e.getClass().getSimpleName()),
                    e);
        }
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
