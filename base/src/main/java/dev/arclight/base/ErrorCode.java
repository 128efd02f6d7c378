package dev.arclight.base;

/** Stable failure categories. Callers branch on these, never on message text. */
public enum ErrorCode {
    /** The input (a file, a row, an argument value) is not what was asked for; the same input fails again. */
    BAD_INPUT(false),
    /** The named thing does not exist. */
    NOT_FOUND(false),
    /** The named thing exists and must not. */
    ALREADY_EXISTS(false),
    /** Somebody else changed the thing first; read it again and decide anew. */
    CONFLICT(true),
    /** The caller may not do this. */
    FORBIDDEN(false),
    /** The thing exists but is in no state for this call. */
    BAD_STATE(false),
    /** Disk, network or a service did not do its part. */
    UNAVAILABLE(true),
    /** A wait ended before what it waited for came; the message says which. */
    TIMEOUT(true),
    /** The user, or a caller, asked to stop. */
    CANCELLED(true),
    /** Whether the call took effect is not known. Look before you repeat it. */
    OUTCOME_UNKNOWN(false),
    /** A defect of Arclight. */
    INTERNAL(false);

    private final boolean retryable;

    ErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later without the caller changing anything. */
    public boolean isRetryable() {
        return retryable;
    }
}
