package dev.arclight.tables;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The cause that tells, through all that Spark wraps around a task's failure, which input file it was. */
final class UnreadableFile extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    UnreadableFile(String file, Throwable cause) {
        super(cause.getMessage(), cause);
        this.file = file;
    }

    String file() {
        return file;
    }

    static @Nullable UnreadableFile in(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 50; depth++) {
            if (at instanceof UnreadableFile found) {
                return found;
            }
            at = at.getCause();
        }
        return null;
    }
}
