package dev.arclight.track;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.base.ArclightException;
import dev.arclight.track.rest.RestTracking;
import dev.arclight.track.sql.EmbeddedTracking;
import dev.arclight.track.sql.PostgresTracking;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Chooses the store that a URI names. */
final class TrackingUri {
    // Two letters at least: "C:\store" is a path.
    private static final Pattern SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.\\-]+:.*");

    private TrackingUri() {}

    static Tracking openExisting(String uri) {
        if (!RestTracking.isFor(uri) && directory(uri).isPresent()) {
            return EmbeddedTracking.open(existing(uri));
        }
        return open(uri);
    }

    /** The directory of a store that is there. */
    private static Path existing(String uri) {
        Path directory = directory(uri).orElseThrow(() -> unknown(uri));
        if (!EmbeddedTracking.isIn(directory)) {
            throw notFound(("There is no tracking store in %s: name another one by --tracking or the setting"
                            + " arclight.tracking-uri, or log a run first")
                    .formatted(directory.toAbsolutePath().normalize()));
        }
        return directory;
    }

    /** The same with artifacts at {@code address}, see {@link dev.arclight.track.artifacts.ArtifactPlaces#open}. */
    static Tracking open(String uri, String address) {
        refuseServer(uri);
        if (PostgresTracking.isFor(uri)) {
            return PostgresTracking.open(uri, System.getenv(), address);
        }
        return EmbeddedTracking.open(directory(uri).orElseThrow(() -> unknown(uri)), address);
    }

    static void artifactsMoved(String uri, String address) {
        refuseServer(uri);
        if (PostgresTracking.isFor(uri)) {
            PostgresTracking.artifactsMoved(uri, System.getenv(), address);
        } else {
            EmbeddedTracking.artifactsMoved(existing(uri), address);
        }
    }

    private static void refuseServer(String uri) {
        if (RestTracking.isFor(uri)) {
            throw badInput(
                    "The server %s keeps its artifacts where it was told to: a place for them can be named for a folder or a database only"
                            .formatted(uri));
        }
    }

    static Tracking open(String uri) {
        if (RestTracking.isFor(uri)) {
            return RestTracking.open(uri, System.getenv(), Path.of(System.getProperty("user.home", "")));
        }
        if (PostgresTracking.isFor(uri)) {
            return PostgresTracking.open(uri, System.getenv());
        }
        return directory(uri).map(EmbeddedTracking::open).orElseThrow(() -> unknown(uri));
    }

    private static ArclightException unknown(String uri) {
        return badInput(("Cannot open the tracking store '%s': expected a directory,"
                        + " jdbc:postgresql://…, http(s)://…, databricks or databricks://profile")
                .formatted(uri));
    }

    /** The directory that a URI names, if it names one. */
    private static Optional<Path> directory(String uri) {
        if (uri.isBlank()) {
            throw badInput("The tracking URI is empty; expected a directory or the address of a server");
        }
        try {
            if (uri.startsWith("file:")) {
                return Optional.of(Path.of(URI.create(uri)));
            }
            return SCHEME.matcher(uri).matches() ? Optional.empty() : Optional.of(Path.of(uri));
        } catch (IllegalArgumentException e) {
            throw badInput("The tracking URI '%s' is no path: %s".formatted(uri, e.getMessage()));
        }
    }
}
