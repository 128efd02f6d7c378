package dev.arclight.web;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Which requests go to which handler, and on what terms. Immutable: each {@code with} returns a new route.
 *
 * <p>A path is made of texts and parameters: {@code /models/{name}/invocations}; one that ends with {@code /{path...}}
 * takes all that is left, slashes included (or nothing).
 */
public final class Route {
    private static final long QUICK_BYTES = 32 << 10;

    private final String method;
    private final String path;
    private final Role role;
    private final Handler handler;
    private final long bodyBytes;
    private final Duration time;
    private final boolean quick;

    private Route(
            String method, String path, Role role, Handler handler, long bodyBytes, Duration time, boolean quick) {
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
                false);
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
     * two changes of thread; larger ones still by a worker. The handler gets the whole body as bytes. It must not
     * block, and replies of {@link Reply#stream} are not for it.
     */
    public Route quick() {
        return new Route(method, path, role, handler, bodyBytes, time, true);
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

    boolean isQuick() {
        return quick;
    }

    /** Whether a body of so many bytes is small enough for the thread that read it. */
    static boolean isSmall(long bytes) {
        return bytes <= QUICK_BYTES;
    }

    List<String> pattern() {
        return List.of(path.substring(1).split("/", -1));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
