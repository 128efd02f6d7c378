package dev.arclight.track.artifacts;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Artifacts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
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
        Optional<Path> folder = folder(address);
        if (folder.isPresent()) {
            return new LocalArtifacts(folder.get());
        }
        URI uri = uri(address);
        try {
            for (ArtifactPlace place : ServiceLoader.load(ArtifactPlace.class)) {
                if (place.takes(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))) {
                    return place.open(uri);
                }
            }
            throw badInput(
                    ("Nothing here can keep artifacts at '%s': expected a folder, file:///folder, or the URI of a"
                                    + " Hadoop file system whose library is on the class path")
                            .formatted(address));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot open the place for artifacts '%s': %s".formatted(address, e.getMessage()),
                    e);
        }
    }

    /**
     * The folder of this machine that an address names, absolute; empty if it names a place elsewhere.
     *
     * @throws ArclightException BAD_INPUT if it names nothing
     */
    public static Optional<Path> folder(String address) {
        if (address.isBlank()) {
            throw badInput("The address for artifacts is empty; expected a folder or a URI such as hdfs://host/folder");
        }
        try {
            if (!SCHEME.matcher(address).matches()) {
                return Optional.of(Path.of(address).toAbsolutePath().normalize());
            }
            return uri(address).getScheme().equalsIgnoreCase("file")
                    // By its text: a path made of "file:///a//" would end with a slash.
                    ? Optional.of(Path.of(Path.of(uri(address)).toString())
                            .toAbsolutePath()
                            .normalize())
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw malformed(address, e);
        }
    }

    /** An address as it is kept and compared: the absolute path of a folder of this machine, else a URI. */
    public static String normalized(String address) {
        return folder(address)
                .map(Path::toString)
                .orElseGet(() -> uri(address).normalize().toString().replaceFirst("(?<=[^/:])/+$", ""));
    }

    private static URI uri(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw malformed(address, e);
        }
    }

    private static ArclightException malformed(String address, IllegalArgumentException cause) {
        return new ArclightException(
                ErrorCode.BAD_INPUT,
                "The address for artifacts '%s' is neither a path nor a URI: %s".formatted(address, cause.getMessage()),
                cause);
    }
}
