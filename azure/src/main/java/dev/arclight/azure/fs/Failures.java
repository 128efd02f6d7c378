package dev.arclight.azure.fs;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;

/**
 * Arclight's failures as callers of a Hadoop filesystem expect them; the sentence stays, as message and as cause. A
 * store that does not exist is no missing file: Spark would say "path does not exist" and keep the sentence to itself.
 */
final class Failures {
    private Failures() {}

    static IOException toIo(ArclightException e) {
        IOException io = switch (e.code()) {
            case FORBIDDEN -> new AccessDeniedException(e.getMessage());
            case CANCELLED -> new InterruptedIOException(e.getMessage());
            default -> new IOException(e.getMessage());
        };
        io.initCause(e);
        return io;
    }
}
