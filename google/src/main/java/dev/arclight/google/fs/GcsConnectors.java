package dev.arclight.google.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Google's connectors between Hadoop and Cloud Storage, as a class path holds them: one is right. */
public final class GcsConnectors {
    static final String FILESYSTEM = "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem";

    private GcsConnectors() {}

    /** Where they are: jars or folders, in the order in which classes are looked up. */
    public static List<String> on(ClassLoader loader) {
        String entry = FILESYSTEM.replace('.', '/') + ".class";
        try {
            return Collections.list(loader.getResources(entry)).stream()
                    .map(URL::toString)
                    .map(url -> url.substring(0, url.length() - entry.length()))
                    .map(place -> place.replaceAll("^(jar:)?file:|!?/$", ""))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One sentence if there are several. */
    public static Optional<String> doubled(List<String> found) {
        if (found.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(
                "There are %d connectors for gs:// on the class path, whose classes do not fit together: take all but one away of %s"
                        .formatted(found.size(), String.join(", ", found)));
    }
}
