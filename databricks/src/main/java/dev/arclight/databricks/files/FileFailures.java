package dev.arclight.databricks.files;

import dev.arclight.base.ArclightException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** Arclight's failures as callers of a Hadoop filesystem expect them; the sentence stays, as message and as cause. */
final class FileFailures {
    private FileFailures() {}

    interface Work<T> {
        T run() throws IOException;
    }

    static <T> T io(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (ArclightException e) {
            IOException io = switch (e.code()) {
                case NOT_FOUND -> new FileNotFoundException(e.getMessage());
                case FORBIDDEN -> new AccessDeniedException(e.getMessage());
                default -> new IOException(e.getMessage());
            };
            io.initCause(e);
            throw io;
        }
    }
}
