package dev.arclight.google.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.Credentials;
import dev.arclight.base.rest.RestClient.Repeat;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens by Application Default Credentials: the file that {@code GOOGLE_APPLICATION_CREDENTIALS} names, what
 * {@code gcloud auth application-default login} left, else the service account of this machine (its metadata server). A
 * token is kept until shortly before it expires, or is refused. Nothing is read or asked before the first use. Safe for
 * use by many threads.
 */
public final class GoogleTokens implements Credentials {
    private static final long MARGIN_SECONDS = 60;

    private final Map<String, String> environment;
    private final Path home;
    private @Nullable TokenSource source;
    private String token = "";
    private long expiresNanos;

    private GoogleTokens(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    /**
     * Tokens for whoever runs this.
     *
     * @param home where {@code .config/gcloud} is
     */
    public static GoogleTokens of(Map<String, String> environment, Path home) {
        return new GoogleTokens(environment, home);
    }

    @Override
    public synchronized Optional<String> authorization() {
        if (token.isEmpty() || System.nanoTime() - expiresNanos >= 0) {
            fetch();
        }
        return Optional.of("Bearer " + token);
    }

    @Override
    public synchronized boolean refused(String authorization) {
        if (authorization.equals("Bearer " + token)) {
            token = "";
        }
        return true;
    }

    private void fetch() {
        if (source == null) {
            source = TokenSources.find(environment, home);
        }
        HttpRequest request = source.ask();
        HttpResponse<String> response =
                source.server().exchange(request, BodyHandlers.ofString(), Repeat.SAFE, () -> 0);
        if (response.statusCode() != 200) {
            // The body of a refusal may show the assertion or the refresh token.
            throw new ArclightException(
                    ErrorCode.FORBIDDEN,
                    "%s gave no access token (status %d for the %s): sign in anew by 'gcloud auth application-default"
                                    .formatted(request.uri().getHost(), response.statusCode(), source.origin())
                            + " login', or renew the key file");
        }
        JsonNode answer = source.server().parse(response);
        token = answer.path("access_token").asText("");
        if (token.isEmpty()) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The answer of %s holds no access token"
                            .formatted(request.uri().getHost()));
        }
        long seconds = Math.max(1, answer.path("expires_in").asLong() - MARGIN_SECONDS);
        expiresNanos = System.nanoTime() + seconds * 1_000_000_000L;
    }
}
