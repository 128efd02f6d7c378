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

/**
 * Sends requests to Azure Resource Manager. What may pass (429, 5xx, a broken connection) is tried again,
 * {@value #ATTEMPTS} times altogether, after {@code Retry-After} or a growing pause with jitter; a refused token is
 * replaced once. All requests are reads, so that each may be repeated. Safe for use by many threads.
 */
final class ArmClient {
    static final int ATTEMPTS = 5;
    private static final String API_VERSION = "2024-10-01";
    private static final Duration REQUEST = Duration.ofSeconds(30);
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final Set<Integer> MAY_PASS = Set.of(408, 429, 500, 502, 503, 504);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final URI endpoint;
    private final AccessTokens tokens;
    private final Duration patience;

    /**
     * @param endpoint such as {@code https://management.azure.com}
     * @throws ArclightException BAD_INPUT if a token would travel unencrypted
     */
    ArmClient(URI endpoint, AccessTokens tokens) {
        this(endpoint, tokens, REQUEST);
    }

    /** @param patience for an answer, and again for all of its body */
    ArmClient(URI endpoint, AccessTokens tokens, Duration patience) {
        String host = String.valueOf(endpoint.getHost());
        boolean here = host.equals("127.0.0.1") || host.equals("localhost");
        if (!"https".equals(endpoint.getScheme()) && !("http".equals(endpoint.getScheme()) && here)) {
            throw ArclightException.badInput(
                    "Azure Resource Manager's endpoint is '%s', expected https://HOST".formatted(endpoint));
        }
        this.endpoint = endpoint;
        this.tokens = tokens;
        this.patience = patience;
    }

    /** GETs {@code path}, which begins with a slash and has no query. */
    JsonNode get(String path) throws IOException {
        return send("GET", at(path));
    }

    /** POSTs nothing to {@code path}. */
    JsonNode post(String path) throws IOException {
        return send("POST", at(path));
    }

    /** All entries of a list, page after page. */
    List<JsonNode> list(String path) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        URI page = at(path);
        while (true) {
            JsonNode answer = send("GET", page);
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
        return URI.create(endpoint + path.replace(" ", "%20") + "?api-version=" + API_VERSION);
    }

    private JsonNode send(String method, URI uri) throws IOException {
        boolean replaced = false;
        for (int attempt = 1; ; attempt++) {
            AccessToken token = tokens.token(endpoint + "/.default");
            long pause = Math.min(LONGEST_PAUSE_MILLIS, 250L << attempt);
            pause = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2);
            try {
                HttpResponse<String> response = whole(HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .timeout(patience)
                        .header("Authorization", "Bearer " + token.secret())
                        .header("Accept", "application/json")
                        .build());
                if (response.statusCode() == 200) {
                    return mapper.readTree(response.body());
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
                if (attempt == ATTEMPTS) {
                    throw new IOException(
                            "%s does not answer, after %d attempts: %s"
                                    .formatted(endpoint, ATTEMPTS, String.valueOf(e.getMessage())),
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
            error = mapper.readTree(response.body()).path("error");
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
