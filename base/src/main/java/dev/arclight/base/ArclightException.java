package dev.arclight.base;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a caller may handle. {@link #code()} says which kind; the message is one sentence for a person: what
 * was seen, where, what was expected, what to do.
 */
public final class ArclightException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public ArclightException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public ArclightException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Shorthand for {@link ErrorCode#BAD_INPUT}. */
    public static ArclightException badInput(String message) {
        return new ArclightException(ErrorCode.BAD_INPUT, message);
    }

    /** Shorthand for {@link ErrorCode#NOT_FOUND}. */
    public static ArclightException notFound(String message) {
        return new ArclightException(ErrorCode.NOT_FOUND, message);
    }

    public ErrorCode code() {
        return code;
    }
}
