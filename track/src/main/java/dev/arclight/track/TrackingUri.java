package dev.arclight.track;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

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
        Optional<Path> directory = directory(uri);
        if (!RestTracking.isFor(uri) && directory.isPresent() && !EmbeddedTracking.isIn(directory.get())) {
            throw notFound(("There is no tracking store in %s: name another one by --tracking or the setting"
                            + " arclight.tracking-uri, or log a run first")
                    .formatted(directory.get().toAbsolutePath().normalize()));
        }
        return open(uri);
    }

    static Tracking open(String uri) {
        if (RestTracking.isFor(uri)) {
            return RestTracking.open(uri, System.getenv(), Path.of(System.getProperty("user.home", "")));
        }
        if (PostgresTracking.isFor(uri)) {
            return PostgresTracking.open(uri, System.getenv());
        }
        return directory(uri)
                .map(EmbeddedTracking::open)
                .orElseThrow(() -> badInput(("Cannot open the tracking store '%s': expected a directory,"
                                + " jdbc:postgresql://…, http(s)://…, databricks or databricks://profile")
                        .formatted(uri)));
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
