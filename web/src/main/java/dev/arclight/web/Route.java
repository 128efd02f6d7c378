package dev.arclight.web;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go to which handler, and on what terms. Immutable: each {@code with} returns a new route.
 *
 * <p>A path is made of texts and parameters: {@code /models/{name}/invocations}; one that ends with {@code /{path...}}
 * takes all that is left, slashes included (or nothing).
 */
public final class Route {
    private static final long QUICK_BYTES = 32 << 10;
    private static final long RECEIVED_BYTES = 1 << 20;

    private final String method;
    private final String path;
    private final Role role;
    private final Handler handler;
    private final long bodyBytes;
    private final Duration time;
    private final @Nullable Predicate<Request> quick;

    private Route(
            String method,
            String path,
            Role role,
            Handler handler,
            long bodyBytes,
            Duration time,
            @Nullable Predicate<Request> quick) {
        this.method = method;
        this.path = path;
        this.role = role;
        this.handler = handler;
        this.bodyBytes = bodyBytes;
        this.time = time;
        this.quick = quick;
    }

    /**
     * A route with the server's limits, handled by a worker thread.
     *
     * @param method such as {@code GET}, which takes HEAD too
     * @param path begins with {@code /}
     * @param role what the caller's token must allow
     */
    public static Route of(String method, String path, Role role, Handler handler) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("A path begins with /: " + path);
        }
        return new Route(
                method.toUpperCase(Locale.ROOT),
                path,
                Objects.requireNonNull(role),
                Objects.requireNonNull(handler),
                0,
                Duration.ZERO,
                null);
    }

    /** This route with its own limit for the request's body. */
    public Route withBodyBytes(long bytes) {
        return new Route(method, path, role, handler, bytes, time, quick);
    }

    /** This route with its own limit for the time of a request: long for uploads and downloads. */
    public Route withTime(Duration limit) {
        return new Route(method, path, role, handler, bodyBytes, limit, quick);
    }

    /**
     * This route for a handler that never waits: small requests are handled by the thread that read them, which saves
     * two changes of thread; larger ones still by a worker. It must not block, and replies of {@link Reply#stream} are
     * not for it.
     */
    public Route quick() {
        return quick(request -> true);
    }

    /**
     * This route for a handler that may be {@linkplain #quick() quick}: bodies of up to 1 MiB are read without a thread
     * that waits for them, then {@code quick} says whether this request is handled in some 100 µs, or needs a worker.
     * An {@link HttpError} that it throws is the answer.
     */
    public Route quick(Predicate<Request> isQuick) {
        return new Route(method, path, role, handler, bodyBytes, time, isQuick);
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    Role role() {
        return role;
    }

    Handler handler() {
        return handler;
    }

    long bodyBytes(Limits limits) {
        return bodyBytes > 0 ? bodyBytes : limits.bodyBytes();
    }

    Duration time(Limits limits) {
        return time.isZero() ? limits.requestTime() : time;
    }

    /** Whether a body of so many bytes is read before a thread is given to the request; -1: not known. */
    boolean receives(long bytes) {
        return quick != null && bytes >= 0 && bytes <= RECEIVED_BYTES;
    }

    /** Whether a request that was read is handled by the thread that read it. */
    boolean isQuick(Request request, long bytes) {
        return quick != null && bytes <= QUICK_BYTES && quick.test(request);
    }

    List<String> pattern() {
        return List.of(path.substring(1).split("/", -1));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
