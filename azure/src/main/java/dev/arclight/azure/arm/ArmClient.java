package dev.arclight.azure.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to Azure Resource Manager. What may pass (429, 5xx, a broken connection) is tried again,
 * {@value #ATTEMPTS} times altogether, after {@code Retry-After} or a growing pause with jitter; a refused token is
 * replaced once. Reads, and writes that name what they write, are also repeated after a broken connection; a POST with
 * a body is not. Safe for use by many threads.
 */
final class ArmClient {
    static final int ATTEMPTS = 5;
    static final String API_VERSION = "2024-10-01";
    private static final Duration REQUEST = Duration.ofSeconds(30);
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final Set<Integer> MAY_PASS = Set.of(408, 429, 500, 502, 503, 504);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final URI endpoint;
    private final String scope;
    private final AccessTokens tokens;
    private final Duration patience;

    /**
     * @param endpoint such as {@code https://management.azure.com}
     * @throws ArclightException BAD_INPUT if a token would travel unencrypted
     */
    ArmClient(URI endpoint, AccessTokens tokens) {
        this(endpoint, endpoint + "/.default", tokens);
    }

    /**
     * For another service than Resource Manager.
     *
     * @param scope of the tokens that it takes
     */
    ArmClient(URI endpoint, String scope, AccessTokens tokens) {
        this(endpoint, scope, tokens, REQUEST);
    }

    /** @param patience for an answer, and again for all of its body */
    ArmClient(URI endpoint, String scope, AccessTokens tokens, Duration patience) {
        requireEncrypted(endpoint, "Azure Resource Manager's endpoint is");
        this.endpoint = endpoint;
        this.scope = scope;
        this.tokens = tokens;
        this.patience = patience;
    }

    private static void requireEncrypted(URI uri, String what) {
        String host = String.valueOf(uri.getHost());
        boolean here = host.equals("127.0.0.1") || host.equals("localhost");
        if (!"https".equals(uri.getScheme()) && !("http".equals(uri.getScheme()) && here)) {
            throw ArclightException.badInput(
                    "%s '%s', expected https://HOST".formatted(what, uri.getScheme() + "://" + uri.getAuthority()));
        }
    }

    /** GETs {@code path}, which begins with a slash and has no query. */
    JsonNode get(String path) throws IOException {
        return send("GET", at(path), null);
    }

    /** POSTs nothing to {@code path}. */
    JsonNode post(String path) throws IOException {
        return send("POST", at(path), null);
    }

    /** Makes {@code path}, or makes it anew. */
    JsonNode put(String path, JsonNode body) throws IOException {
        return put(path, body, API_VERSION);
    }

    /** The same by another version of the interface. */
    JsonNode put(String path, JsonNode body, String version) throws IOException {
        return send("PUT", at(path, version), body);
    }

    /** Deletes {@code path}; nothing happens if it is not there. */
    void delete(String path) throws IOException {
        try {
            send("DELETE", at(path), null);
        } catch (ArmRefusal e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    /**
     * GETs, POSTs or DELETEs at another service that takes our token.
     *
     * @param uri which Resource Manager named, or the user
     */
    JsonNode elsewhere(String method, URI uri, @Nullable JsonNode body) throws IOException {
        requireEncrypted(uri, "The service at");
        return send(method, uri, body);
    }

    /** All entries of a list, page after page. */
    List<JsonNode> list(String path) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        URI page = at(path);
        while (true) {
            JsonNode answer = send("GET", page, null);
            answer.path("value").forEach(all::add);
            String next = answer.path("nextLink").asText("");
            if (next.isEmpty()) {
                return all;
            }
            URI following = URI.create(next);
            if (!endpoint.getAuthority().equals(following.getAuthority())
                    || !endpoint.getScheme().equals(following.getScheme())) {
                // Our token goes nowhere else.
                throw new IOException(
                        "The next page of %s is at another host, %s".formatted(path, following.getAuthority()));
            }
            page = following;
        }
    }

    private URI at(String path) {
        return at(path, API_VERSION);
    }

    private URI at(String path, String version) {
        return URI.create(endpoint + path.replace(" ", "%20") + "?api-version=" + version);
    }

    private JsonNode send(String method, URI uri, @Nullable JsonNode body) throws IOException {
        boolean replaced = false;
        for (int attempt = 1; ; attempt++) {
            AccessToken token = tokens.token(scope);
            long pause = Math.min(LONGEST_PAUSE_MILLIS, 250L << attempt);
            pause = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2);
            try {
                HttpResponse<String> response = whole(HttpRequest.newBuilder(uri)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(mapper.writeValueAsString(body)))
                        .timeout(patience)
                        .header("Authorization", "Bearer " + token.secret())
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/json")
                        .build());
                if (response.statusCode() / 100 == 2) {
                    return response.body().isBlank() ? mapper.missingNode() : mapper.readTree(response.body());
                }
                if (response.statusCode() == 401 && !replaced) {
                    replaced = true;
                    tokens.refused(token);
                    continue;
                }
                if (!MAY_PASS.contains(response.statusCode()) || attempt == ATTEMPTS) {
                    throw refusal(response);
                }
                pause = response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.matches("\\d{1,6}"))
                        .map(seconds -> Math.min(LONGEST_PAUSE_MILLIS, 1000 * Long.parseLong(seconds)))
                        .orElse(pause);
            } catch (ArmRefusal | JsonProcessingException e) {
                throw e;
            } catch (IOException e) {
                boolean repeatable = body == null || !method.equals("POST");
                if (attempt == ATTEMPTS || !repeatable) {
                    throw new IOException(
                            "%s does not answer, after %d attempts: %s%s"
                                    .formatted(
                                            endpoint,
                                            attempt,
                                            String.valueOf(e.getMessage()),
                                            repeatable ? "" : "; whether it did what was asked is not known"),
                            e);
                }
            } catch (InterruptedException e) {
                throw interrupted(uri, e);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException e) {
                throw interrupted(uri, e);
            }
        }
    }

    /** The client's own time-out ends with the headers: a body that stands still would be waited for without end. */
    private HttpResponse<String> whole(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        try {
            return answer.get(2 * patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("the answer is not complete after %d s".formatted(2 * patience.toSeconds()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(String.valueOf(e.getMessage()), e);
        } finally {
            answer.cancel(true);
        }
    }

    private ArmRefusal refusal(HttpResponse<String> response) {
        JsonNode error;
        try {
            JsonNode body = mapper.readTree(response.body());
            error = body.path("error").isObject() ? body.path("error") : body; // Synapse says it without 'error'
        } catch (JsonProcessingException e) {
            error = mapper.missingNode();
        }
        String message = error.path("message").asText("");
        return new ArmRefusal(
                response.statusCode(),
                error.path("code").asText(""),
                message.isEmpty() ? "HTTP status " + response.statusCode() : message);
    }

    private static ArclightException interrupted(URI uri, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ArclightException(
                ErrorCode.CANCELLED, "Interrupted while waiting for " + uri.getHost() + uri.getPath(), e);
    }
}
