package dev.arclight.track;

import static dev.arclight.base.ArclightException.badInput;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Chooses the store that a URI names. */
final class TrackingUri {
    // Two letters at least: "C:\store" is a path.
    private static final Pattern SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.\\-]+:.*");

    private TrackingUri() {}

    static Tracking open(String uri) {
        if (uri.isBlank()) {
            throw badInput("The tracking URI is empty; expected a directory");
        }
        try {
            if (uri.startsWith("file:")) {
                throw badInput("The embedded store comes with the next commit: " + Path.of(URI.create(uri)));
            }
            if (SCHEME.matcher(uri).matches()) {
                throw badInput("Cannot open the tracking store '%s': expected a directory".formatted(uri));
            }
            throw badInput("The embedded store comes with the next commit: " + Path.of(uri));
        } catch (IllegalArgumentException e) {
            throw badInput("The tracking URI '%s' is no path: %s".formatted(uri, e.getMessage()));
        }
    }
}
