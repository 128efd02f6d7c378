package dev.arclight.base.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to one server that speaks JSON. What may be repeated is, with growing pauses, while the server is
 * overloaded, restarting or out of reach; what may not (it makes something new) is repeated only where the server
 * cannot have seen it, and is else OUTCOME_UNKNOWN.
 *
 * <p>Waits are not cut short by an interrupt, which is kept: the one who stops a run wants that written. Safe for use
 * by many threads.
 */
public final class RestClient {
    private static final String AUTHORIZATION = "Authorization";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 5;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether the same message twice does what it does once. */
    public enum Repeat {
        /** It may be sent again whatever became of it. */
        SAFE,
        /** It makes something new. */
        UNSAFE
    }

    private final String service;
    private final String base;
    private final Credentials credentials;
    private final RestErrors errors;
    private final @Nullable Duration patience;
    private final HttpClient http;

    /**
     * For one server.
     *
     * @param service what it is, for messages, such as {@code The tracking server}
     * @param server a path may stand in it: all paths lie below
     * @param errors says what refusals mean
     */
    public RestClient(String service, URI server, Credentials credentials, RestErrors errors) {
        this(
                service,
                server.toString().replaceAll("/$", ""),
                credentials,
                errors,
                null,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER) // credentials are for this server alone
                        .connectTimeout(CONNECT)
                        .build());
    }

    private RestClient(
            String service,
            String base,
            Credentials credentials,
            RestErrors errors,
            @Nullable Duration patience,
            HttpClient http) {
        this.service = service;
        this.base = base;
        this.credentials = credentials;
        this.errors = errors;
        this.patience = patience;
        this.http = http;
    }

    /**
     * The same client with less patience.
     *
     * @param altogether what one call may take with all its repeats; transfers of files excepted
     */
    public RestClient within(Duration altogether) {
        return new RestClient(service, base, credentials, errors, altogether, http);
    }

    /** Without a slash at the end. */
    public String base() {
        return base;
    }

    /** Asks; {@code path} begins with {@code /}. */
    public JsonNode get(String path, QueryString query) {
        return json(call("GET", path + query.text()), "GET", null, Repeat.SAFE);
    }

    /** Sends {@code body}; {@code path} begins with {@code /}. */
    public JsonNode send(String method, String path, ObjectNode body, Repeat repeat) {
        return json(call(method, path), method, body, repeat);
    }

    /** A request to this server with its credentials, to be completed and given to {@link #exchange}. */
    public HttpRequest.Builder call(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        credentials.authorization().ifPresent(value -> request.setHeader(AUTHORIZATION, value));
        return request;
    }

    /**
     * Sends a request until it is answered other than by an overloaded or broken server.
     *
     * @param request whose credentials are replaced once, if this server's refuses them and there are others
     * @param progress bytes moved so far: while it grows, a transfer may take as long as it likes
     * @return of any status; who wants success calls {@link #failure}
     */
    public <T> HttpResponse<T> exchange(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, Repeat repeat, LongSupplier progress) {
        long until = patience == null ? Long.MAX_VALUE : System.nanoTime() + patience.toNanos();
        HttpRequest now = request;
        boolean replaced = false;
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<T> response = await(http.sendAsync(now, handler), progress, until);
                if (response.statusCode() == 401 && !replaced) {
                    Optional<HttpRequest> other = withOtherCredentials(now);
                    if (other.isPresent()) {
                        replaced = true;
                        now = other.get();
                        continue;
                    }
                }
                boolean unseen = response.statusCode() == 429 || response.statusCode() == 503;
                boolean again = unseen || (repeat == Repeat.SAFE && isTransient(response.statusCode()));
                if (!again || attempt == ATTEMPTS || !pause(attempt, response, until)) {
                    return response;
                }
            } catch (IOException e) {
                boolean unseen = e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
                boolean again = unseen || repeat == Repeat.SAFE;
                if (!again || attempt == ATTEMPTS || !pause(attempt, null, until)) {
                    throw explain(request, e, again, attempt);
                }
            }
        }
    }

    /** The refused request with what the credentials give now, if that is something else. */
    private Optional<HttpRequest> withOtherCredentials(HttpRequest refused) {
        Optional<String> shown = refused.headers().firstValue(AUTHORIZATION);
        if (shown.isEmpty() || !credentials.refused(shown.get())) {
            return Optional.empty();
        }
        return credentials
                .authorization()
                .map(value -> HttpRequest.newBuilder(refused, (name, old) -> !name.equalsIgnoreCase(AUTHORIZATION))
                        .setHeader(AUTHORIZATION, value)
                        .build());
    }

    private HttpRequest.Builder call(String method, String path) {
        return call(path).method(method, BodyPublishers.noBody());
    }

    private JsonNode json(HttpRequest.Builder request, String method, @Nullable ObjectNode body, Repeat repeat) {
        if (body != null) {
            request.setHeader("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(bytes(body)));
        }
        HttpRequest built = request.build();
        HttpResponse<String> response = exchange(built, BodyHandlers.ofString(), repeat, () -> 0);
        if (response.statusCode() / 100 != 2) {
            throw failure(response);
        }
        return parse(response);
    }

    /** The message of a successful answer. */
    public JsonNode parse(HttpResponse<String> response) {
        try {
            JsonNode answer = JSON.readTree(response.body());
            return answer == null || answer.isMissingNode() ? JSON.createObjectNode() : answer;
        } catch (JsonProcessingException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The answer of %s is no JSON: is that %s?"
                            .formatted(
                                    name(response.request()),
                                    Character.toLowerCase(service.charAt(0)) + service.substring(1)),
                    e);
        }
    }

    /** A message as it is sent. */
    public static byte[] bytes(ObjectNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree is always JSON", e);
        }
    }

    /** What an answer other than success means. */
    public ArclightException failure(HttpResponse<String> response) {
        return failure(response.request(), response.statusCode(), response.body());
    }

    /** As {@link #failure(HttpResponse)}, where the answer was not taken as text. */
    public ArclightException failure(HttpRequest request, int status, String body) {
        return errors.explain(new RestRefusal(name(request), status, body));
    }

    /** Method and address, without the query, which may be long or signed. */
    public static String name(HttpRequest request) {
        URI uri = request.uri();
        return "%s %s://%s%s".formatted(request.method(), uri.getScheme(), uri.getAuthority(), uri.getPath());
    }

    private static boolean isTransient(int status) {
        return status == 408 || status == 502 || status == 504; // 500 is a defect, which stays
    }

    private static <T> T await(CompletableFuture<T> future, LongSupplier progress, long until) throws IOException {
        long seen = progress.getAsLong();
        long start = System.nanoTime();
        long deadline = Math.min(start + ANSWER.toNanos(), until);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(1, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    long now = progress.getAsLong();
                    deadline = now == seen ? deadline : System.nanoTime() + ANSWER.toNanos();
                    seen = now;
                    if (System.nanoTime() > deadline) {
                        future.cancel(true);
                        throw new HttpTimeoutException(
                                "no answer within %d s".formatted(Math.round((deadline - start) / 1e9)));
                    }
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IOException(cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Sleeps longer each time; at once over in an interrupted thread, which does not wait for better times.
     *
     * @return false, at once, if the time is up before the pause would be
     */
    private static boolean pause(int attempt, @Nullable HttpResponse<?> response, long until) {
        long millis = FIRST_PAUSE_MILLIS << attempt;
        if (response != null) {
            String after = response.headers().firstValue("Retry-After").orElse("");
            if (after.matches("\\d{1,4}")) {
                millis = Math.max(millis, 1000 * Long.parseLong(after));
            }
        }
        millis = Math.min(millis, LONGEST_PAUSE_MILLIS);
        if (until != Long.MAX_VALUE && System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis) > until) {
            return false;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private ArclightException explain(HttpRequest request, IOException cause, boolean unseen, int attempts) {
        String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (!unseen) {
            return new ArclightException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "%s was sent, but the answer never came (%s): look whether it took effect before you repeat it"
                            .formatted(name(request), what),
                    cause);
        }
        return new ArclightException(
                cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)
                        ? ErrorCode.TIMEOUT
                        : ErrorCode.UNAVAILABLE,
                "%s at %s cannot be reached: %s, after %d attempts (%s)"
                        .formatted(service, base, what, attempts, name(request)),
                cause);
    }
}
