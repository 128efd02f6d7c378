package dev.arclight.cli;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence what went wrong. */
final class FailureSentence {
    private FailureSentence() {}

    static String of(Throwable failure) {
        IOException io = null;
        for (Throwable t = failure; t != null; t = next(t)) {
            if (t instanceof ArclightException known) {
                return String.valueOf(known.getMessage());
            }
            if (t instanceof OutOfMemoryError) {
                return "Out of memory (%s): give the program more with ARCLIGHT_MEMORY, such as ARCLIGHT_MEMORY=4g"
                        .formatted(t.getMessage());
            }
            if (t instanceof IOException e) {
                io = e; // the deepest says the most
            }
        }
        if (io != null) {
            return sentence(io);
        }
        return "Internal error, %s: %s (run again with --debug for the stack trace)"
                .formatted(failure.getClass().getName(), firstLine(failure.getMessage()));
    }

    private static String sentence(IOException io) {
        String message = firstLine(io.getMessage());
        if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
            String file =
                    io instanceof FileSystemException f && f.getFile() != null ? " while writing " + f.getFile() : "";
            return "The disk is full%s: free some space and run again".formatted(file);
        }
        if (io instanceof AccessDeniedException denied) {
            return "No permission for %s: check its owner and mode".formatted(denied.getFile());
        }
        if (io instanceof NoSuchFileException missing) {
            return "No such file or folder: %s".formatted(missing.getFile());
        }
        return "%s: %s".formatted(io.getClass().getSimpleName(), message);
    }

    private static @Nullable Throwable next(Throwable t) {
        return t.getCause() == t ? null : t.getCause();
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "no message" : text.lines().findFirst().orElse("no message");
    }
}
