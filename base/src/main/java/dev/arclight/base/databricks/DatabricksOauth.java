package dev.arclight.base.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.Credentials;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.base.rest.RestErrors;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/**
 * Access tokens of a service principal (OAuth client credentials, RFC 6749 section 4.4, at the workspace's
 * {@code /oidc/v1/token}), fetched anew shortly before one expires. Safe for use by many threads.
 */
final class DatabricksOauth implements Credentials {
    private static final long MARGIN_SECONDS = 60;

    private final RestClient client;
    private String token = "";
    private long expiresNanos;

    DatabricksOauth(URI workspace, Credentials secret) {
        this.client = new RestClient("The workspace", workspace, secret, RestErrors.plain());
    }

    @Override
    public synchronized Optional<String> authorization() {
        if (token.isEmpty() || System.nanoTime() - expiresNanos >= 0) {
            fetch();
        }
        return Optional.of("Bearer " + token);
    }

    private void fetch() {
        HttpRequest request = client.call("/oidc/v1/token")
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials&scope=all-apis"))
                .build();
        HttpResponse<String> response = client.exchange(request, BodyHandlers.ofString(), Repeat.SAFE, () -> 0);
        if (response.statusCode() / 100 != 2) {
            throw new ArclightException(
                    ErrorCode.FORBIDDEN,
                    "The workspace gave no access token (status %d from %s); check client_id and client_secret"
                            .formatted(response.statusCode(), RestClient.name(request)));
        }
        JsonNode answer = client.parse(response);
        token = answer.path("access_token").asText("");
        if (token.isEmpty()) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The answer of %s holds no access token".formatted(RestClient.name(request)));
        }
        long seconds = Math.max(1, answer.path("expires_in").asLong() - MARGIN_SECONDS);
        expiresNanos = System.nanoTime() + seconds * 1_000_000_000L;
    }
}
