package dev.arclight.track.artifacts;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Artifacts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the place that an address of artifacts names. */
public final class ArtifactPlaces {
    // Two letters at least: "C:\artifacts" is a path.
    private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.\\-]+):.*");

    private ArtifactPlaces() {}

    /**
     * Opens a place for artifacts.
     *
     * @param address a folder of this machine, its {@code file:} URI, or the URI of a folder that an
     *     {@link ArtifactPlace} on the class path takes
     * @return owned by the caller
     * @throws ArclightException BAD_INPUT if it is none of them, UNAVAILABLE if the place cannot be reached
     */
    public static Artifacts open(String address) {
        Matcher scheme = SCHEME.matcher(address);
        try {
            if (address.isBlank()) {
                throw badInput(
                        "The address for artifacts is empty; expected a folder or a URI such as hdfs://host/folder");
            }
            if (!scheme.matches()) {
                return new LocalArtifacts(Path.of(address));
            }
            URI uri = URI.create(address);
            String name = scheme.group(1).toLowerCase(Locale.ROOT);
            if (name.equals("file")) {
                return new LocalArtifacts(Path.of(uri));
            }
            for (ArtifactPlace place : ServiceLoader.load(ArtifactPlace.class)) {
                if (place.takes(name)) {
                    return place.open(uri);
                }
            }
            throw badInput(
                    ("Nothing here can keep artifacts at '%s': expected a folder, file:///folder, or the URI of a"
                                    + " Hadoop file system whose library is on the class path")
                            .formatted(address));
        } catch (IllegalArgumentException e) {
            throw badInput("The address for artifacts '%s' is neither a path nor a URI: %s"
                    .formatted(address, e.getMessage()));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot open the place for artifacts '%s': %s".formatted(address, e.getMessage()),
                    e);
        }
    }
}
