package dev.arclight.track.rest;

import dev.arclight.track.ArtifactEntry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;

/** A place for artifacts. Paths are checked by the caller: relative, {@code /} between parts. */
interface RemoteFolder {
    /** What lies directly in {@code path}; empty if there is nothing, or a file. */
    List<ArtifactEntry> list(String path) throws IOException;

    /** A request that is answered with the content of a file. Made anew for each attempt: addresses may expire. */
    HttpRequest.Builder download(String path);

    /** Writes or replaces a file. */
    void upload(String path, Path file) throws IOException;

    /** Deletes a file or folder, if there is one. */
    void delete(String path) throws IOException;
}
