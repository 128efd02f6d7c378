package dev.arclight.azure.arm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON service of Azure's that is not Resource Manager, with our identity. Safe for use by many threads. */
public final class ServiceClient {
    private final ArmClient http;
    private final URI endpoint;

    ServiceClient(ArmClient http, URI endpoint) {
        this.http = http;
        this.endpoint = endpoint;
    }

    /**
     * Sends a request that may be repeated.
     *
     * @param path with its query; begins with a slash
     * @param what the thing asked for, for the failure
     * @param role that it takes
     * @return empty if there is no such thing
     * @throws ArclightException FORBIDDEN with the role, UNAVAILABLE, BAD_INPUT with the service's own words
     */
    public Optional<JsonNode> send(String method, String path, @Nullable JsonNode body, String what, String role) {
        try {
            return Optional.of(http.elsewhere(method, URI.create(endpoint + path), body));
        } catch (ArmRefusal e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            ErrorCode code = e.status() == 401 || e.status() == 403
                    ? ErrorCode.FORBIDDEN
                    : e.status() >= 500 || e.status() == 429 ? ErrorCode.UNAVAILABLE : ErrorCode.BAD_INPUT;
            throw new ArclightException(
                    code,
                    code == ErrorCode.FORBIDDEN
                            ? "No permission for %s at %s: it takes the role '%s'; Azure says: %s"
                                    .formatted(what, endpoint, role, e.getMessage())
                            : "%s refuses %s (status %d): %s".formatted(endpoint, what, e.status(), e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot ask %s for %s: %s".formatted(endpoint, what, e.getMessage()), e);
        }
    }
}
