package dev.arclight.web;

import dev.arclight.base.ArclightException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An answer other than success. Sent as {@code {"error_code": "...", "message": "..."}}; the cause stays on the server.
 */
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String errorCode;
    private final transient Map<String, String> headers;

    /**
     * An error for the caller.
     *
     * @param status 400 to 599
     * @param errorCode for programs, such as {@code INVALID_PARAMETER_VALUE}
     * @param message for a person; shown to whoever called
     */
    public HttpError(int status, String errorCode, String message) {
        this(status, errorCode, message, Map.of());
    }

    private HttpError(int status, String errorCode, String message, Map<String, String> headers) {
        super(message, null, false, false); // no stack trace: these are answers, made often under attack
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("Not an error status: " + status);
        }
        this.status = status;
        this.errorCode = Objects.requireNonNull(errorCode);
        this.headers = Map.copyOf(headers);
    }

    /** Status 400 with MLflow's {@code INVALID_PARAMETER_VALUE}. */
    public static HttpError badRequest(String message) {
        return new HttpError(400, "INVALID_PARAMETER_VALUE", message);
    }

    /** The answer that MLflow would give for such a failure. */
    static HttpError of(ArclightException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        return switch (e.code()) {
            case BAD_INPUT -> badRequest(message);
            case NOT_FOUND -> new HttpError(404, "RESOURCE_DOES_NOT_EXIST", message);
            case ALREADY_EXISTS -> new HttpError(400, "RESOURCE_ALREADY_EXISTS", message);
            case CONFLICT -> new HttpError(409, "RESOURCE_CONFLICT", message);
            case FORBIDDEN -> new HttpError(403, "PERMISSION_DENIED", message);
            case BAD_STATE -> new HttpError(400, "INVALID_STATE", message);
            case UNAVAILABLE, CANCELLED -> new HttpError(503, "TEMPORARILY_UNAVAILABLE", message);
            case TIMEOUT -> new HttpError(504, "DEADLINE_EXCEEDED", message);
            case OUTCOME_UNKNOWN, INTERNAL -> new HttpError(500, "INTERNAL_ERROR", message);
        };
    }

    /** This error with a header beside it. */
    public HttpError withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpError(status, errorCode, Objects.requireNonNullElse(getMessage(), ""), more);
    }

    public int status() {
        return status;
    }

    public String errorCode() {
        return errorCode;
    }

    Reply reply() {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("error_code", errorCode);
        body.put("message", getMessage());
        Reply reply = Reply.json(body).withStatus(status);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            reply = reply.withHeader(header.getKey(), header.getValue());
        }
        return reply;
    }
}
