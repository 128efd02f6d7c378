package dev.arclight.track.artifacts;

import dev.arclight.track.Artifacts;
import java.io.IOException;
import java.net.URI;

/**
 * A kind of place where a store may keep its artifacts, other than a local folder. Found by
 * {@link java.util.ServiceLoader}: the class path of a server decides what it can reach (decision 080).
 */
public interface ArtifactPlace {
    /**
     * Whether addresses with this scheme, such as {@code hdfs}, are for this place. In lower case, without the colon.
     */
    boolean takes(String scheme);

    /**
     * Opens a folder of it.
     *
     * @param folder made on the first write, if needed
     * @return artifacts whose roots begin with {@link LocalArtifacts#SCHEME}, as those of {@link LocalArtifacts}; owned
     *     by the caller
     * @throws dev.arclight.base.ArclightException if the place cannot be reached or lets us not in
     */
    Artifacts open(URI folder) throws IOException;
}
