package dev.arclight.track;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is done with files on the local disk that may be gone afterwards.
 *
 * @param <T> what comes of it; must not need the files any more
 */
@FunctionalInterface
public interface FileWork<T> {
    T with(Path local) throws IOException;
}
