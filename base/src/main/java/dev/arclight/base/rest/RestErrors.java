package dev.arclight.base.rest;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;

/** Says in Arclight's terms what a service refused. Safe for use by many threads. */
@FunctionalInterface
public interface RestErrors {
    /** The error that {@code refusal} means, with it as the cause: see {@link RestRefusal#because}. */
    ArclightException explain(RestRefusal refusal);

    /** By the status alone, with the body as the message. */
    static RestErrors plain() {
        return refusal -> refusal.because(code(refusal.status()), refusal.body());
    }

    /** What a status means where the service says no more. */
    static ErrorCode code(int status) {
        return switch (status) {
            case 401, 403 -> ErrorCode.FORBIDDEN;
            case 404, 405 -> ErrorCode.NOT_FOUND;
            case 409 -> ErrorCode.CONFLICT;
            case 408, 504 -> ErrorCode.TIMEOUT;
            case 413, 400, 415, 422 -> ErrorCode.BAD_INPUT;
            default -> status >= 500 || status == 429 ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
        };
    }
}
