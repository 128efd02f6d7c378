package dev.arclight.base.rest;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;

/** An answer other than success, as it came: the cause of the {@link ArclightException} that says what it means. */
public final class RestRefusal extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 500;

    private final String call;
    private final int status;
    private final String body;

    /** @param call such as {@code POST http://host/api/2.0/mlflow/runs/create} */
    public RestRefusal(String call, int status, String body) {
        super("%s was answered with status %d".formatted(call, status));
        this.call = call;
        this.status = status;
        this.body = body;
    }

    /** Method and address, without the query. */
    public String call() {
        return call;
    }

    /** HTTP's status code. */
    public int status() {
        return status;
    }

    /** Of any length; empty if there was none. */
    public String body() {
        return body;
    }

    /**
     * The error that this means.
     *
     * @param message the service's own; a long one is cut
     */
    public ArclightException because(ErrorCode code, String message) {
        String shown = message.length() > SHOWN ? message.substring(0, SHOWN) + "…" : message;
        return new ArclightException(code, "%s (status %d from %s)".formatted(shown.strip(), status, call), this);
    }
}
