package dev.arclight.web;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/** What every request goes through: gate, route, admission, handler, reply. */
final class Pipeline implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");
    private static final HttpString FRAME_OPTIONS = new HttpString("X-Frame-Options");
    private static final HttpString SECURITY_POLICY = new HttpString("Content-Security-Policy");
    private static final HttpString REFERRER_POLICY = new HttpString("Referrer-Policy");
    private static final HttpString RESOURCE_POLICY = new HttpString("Cross-Origin-Resource-Policy");

    /** Pages bring all their parts from here; styles may be inline, because charts set them so. */
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Gate gate;
    private final Router router;
    private final Limits limits;
    private final @Nullable SignIn signIn;
    private final Deadlines deadlines;
    private final Histogram seconds;
    private final Counter refused;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Object idle = new Object();
    private final AtomicInteger onWorkers = new AtomicInteger();
    private volatile boolean draining;

    Pipeline(Gate gate, Router router, Limits limits, Deadlines deadlines, Metrics metrics, @Nullable SignIn signIn) {
        this.gate = gate;
        this.router = router;
        this.limits = limits;
        this.signIn = signIn;
        this.deadlines = deadlines;
        this.seconds = metrics.seconds(
                "arclight_http_request_duration_seconds", "From a request's head to its answer", "route", "status");
        this.refused = metrics.counter("arclight_http_refused", "Requests answered 429 because the queue was full");
        metrics.gauge("arclight_http_in_flight", "Requests being answered", inFlight::get);
    }

    /** From now on new requests are refused with 503. */
    void drain() {
        draining = true;
    }

    int inFlight() {
        return inFlight.get();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        long start = System.nanoTime();
        inFlight.incrementAndGet();
        // Set later, when the route is known.
        String[] label = {"none"};
        exchange.addExchangeCompleteListener((done, next) -> {
            if (inFlight.decrementAndGet() == 0 && draining) {
                synchronized (idle) {
                    idle.notifyAll();
                }
            }
            seconds.labelValues(label[0], Integer.toString(done.getStatusCode()))
                    .observe((System.nanoTime() - start) / 1e9);
            next.proceed();
        });
        try {
            if (draining) {
                exchange.setPersistent(false);
                throw new HttpError(503, "TEMPORARILY_UNAVAILABLE", "The server is stopping");
            }
            String method = exchange.getRequestMethod().toString();
            gate.admit(exchange, Role.ANYONE);
            Router.Match match = router.find(method, exchange.getRequestPath());
            Route route = match.route();
            label[0] = route.path();
            Gate.Caller caller = gate.admit(exchange, route.role());
            checkBody(exchange, route);
            Request request = new Request(exchange, match.parameters(), caller, route.bodyBytes(limits));
            if (route.receives(exchange.getRequestContentLength())) {
                receive(exchange, route, request);
            } else {
                dispatch(exchange, route, request);
            }
        } catch (RuntimeException | Error e) {
            answer(exchange, failure(exchange, e, false));
        }
    }

    private void checkBody(HttpServerExchange exchange, Route route) {
        long limit = route.bodyBytes(limits);
        if (exchange.getRequestContentLength() > limit) {
            throw tooLarge(limit);
        }
        String encoding = exchange.getRequestHeaders().getFirst(Headers.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HttpError(
                    415,
                    "UNSUPPORTED_MEDIA_TYPE",
                    "Bodies with Content-Encoding '%s' are not read; send it plain".formatted(encoding));
        }
    }

    private static HttpError tooLarge(long limit) {
        return new HttpError(413, "REQUEST_TOO_LARGE", "The body is larger than %,d bytes".formatted(limit));
    }

    /** Reads the whole body without a thread waiting for it, then handles it here if that is quick. */
    private void receive(HttpServerExchange exchange, Route route, Request request) {
        AtomicBoolean arrived = new AtomicBoolean();
        ScheduledFuture<?>[] slow = new ScheduledFuture<?>[1];
        exchange.getRequestReceiver()
                .receiveFullBytes(
                        (same, bytes) -> {
                            arrived.set(true);
                            if (slow[0] != null) {
                                slow[0].cancel(false);
                            }
                            request.hold(bytes);
                            handleOrDispatch(same, route, request, bytes.length);
                        },
                        (same, failure) -> {
                            arrived.set(true);
                            answer(same, failure(same, failure, false));
                        });
        if (!arrived.get()) {
            // The body comes drop by drop, perhaps on purpose.
            slow[0] = deadlines.after(route.time(limits), () -> {
                if (!arrived.get()) {
                    IoUtils.safeClose(exchange.getConnection());
                }
            });
        }
    }

    private void handleOrDispatch(HttpServerExchange exchange, Route route, Request request, int bytes) {
        try {
            if (!route.isQuick(request, bytes)) {
                dispatch(exchange, route, request);
                return;
            }
        } catch (RuntimeException e) {
            answer(exchange, failure(exchange, e, false));
            return;
        }
        request.markQuick();
        handle(exchange, route, request);
    }

    private void dispatch(HttpServerExchange exchange, Route route, Request request) {
        if (onWorkers.incrementAndGet() > limits.concurrency() + limits.queue()) {
            onWorkers.decrementAndGet();
            refused.inc();
            answer(
                    exchange,
                    new HttpError(
                                    429,
                                    "RESOURCE_EXHAUSTED",
                                    "The server has more requests than it can queue; try again")
                            .withHeader("Retry-After", "1")
                            .reply());
            return;
        }
        exchange.dispatch((HttpHandler) same -> {
            try (Deadlines.Watch watch = deadlines.watch(route.time(limits))) {
                handle(same, route, request, watch);
            } finally {
                onWorkers.decrementAndGet();
            }
        });
    }

    private void handle(HttpServerExchange exchange, Route route, Request request) {
        handle(exchange, route, request, null);
    }

    private void handle(HttpServerExchange exchange, Route route, Request request, Deadlines.@Nullable Watch watch) {
        Reply reply;
        try {
            reply = route.handler().handle(request);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            reply = failure(exchange, e, watch != null && watch.hasExpired());
        }
        answer(exchange, reply);
    }

    private Reply failure(HttpServerExchange exchange, Throwable e, boolean expired) {
        if (expired) {
            return new HttpError(504, "DEADLINE_EXCEEDED", "The request took too long and was stopped").reply();
        }
        if (e instanceof HttpError error) {
            return signIn != null && error.status() == 401 && SignIn.isPerson(exchange)
                    ? signIn.asked(exchange)
                    : error.reply();
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BoundedBody.TooLong tooLong) {
                return tooLarge(tooLong.limit()).reply();
            }
        }
        if (e instanceof ArclightException known && known.code() != ErrorCode.INTERNAL) {
            return HttpError.of(known).reply();
        }
        if (e instanceof IOException && !exchange.getConnection().isOpen()) {
            LOG.debug("The caller went away during {} {}", exchange.getRequestMethod(), exchange.getRequestPath());
            return Reply.empty(400);
        }
        String id = Integer.toHexString(ThreadLocalRandom.current().nextInt());
        LOG.error("Request {} {} failed, id {}", exchange.getRequestMethod(), exchange.getRequestPath(), id, e);
        return new HttpError(500, "INTERNAL_ERROR", "The server failed; its log tells more under the id " + id).reply();
    }

    private void answer(HttpServerExchange exchange, Reply reply) {
        if (exchange.isResponseStarted()) {
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        exchange.setStatusCode(reply.status());
        HeaderMap headers = exchange.getResponseHeaders();
        String type = reply.contentType();
        if (type != null) {
            headers.put(Headers.CONTENT_TYPE, type);
        }
        headers.put(CONTENT_TYPE_OPTIONS, "nosniff");
        headers.put(RESOURCE_POLICY, "same-origin");
        headers.put(Headers.CACHE_CONTROL, "no-store");
        if (type != null && type.startsWith("text/html")) {
            headers.put(SECURITY_POLICY, POLICY);
            headers.put(FRAME_OPTIONS, "DENY");
            headers.put(REFERRER_POLICY, "no-referrer");
        }
        for (Map.Entry<String, String> header : reply.headers().entrySet()) {
            headers.put(new HttpString(header.getKey()), header.getValue());
        }
        if (!exchange.isRequestComplete()) {
            // What is left of the body is not worth reading; the caller has some seconds to read the answer.
            exchange.setPersistent(false);
            ScheduledFuture<?> unused = deadlines.after(LINGER, () -> {
                if (!exchange.isComplete()) {
                    IoUtils.safeClose(exchange.getConnection());
                }
            });
        }
        Reply.Body body = reply.body();
        if (body == null) {
            if (reply.length() > 0) {
                exchange.setResponseContentLength(reply.length());
            }
            exchange.getResponseSender().send(ByteBuffer.wrap(reply.bytes()));
            return;
        }
        if (reply.length() >= 0) {
            exchange.setResponseContentLength(reply.length());
        }
        stream(exchange, Objects.requireNonNull(body));
    }

    private static void stream(HttpServerExchange exchange, Reply.Body body) {
        if (exchange.isInIoThread()) {
            throw new IllegalStateException("A quick route cannot stream");
        }
        if (!exchange.isBlocking()) {
            exchange.startBlocking();
        }
        try {
            OutputStream out = exchange.getOutputStream();
            body.writeTo(out);
            out.close();
        } catch (IOException | RuntimeException e) {
            // Cut off, not closed: a part must not look like the whole.
            LOG.debug("Answer to {} {} broke off", exchange.getRequestMethod(), exchange.getRequestPath(), e);
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    /** After {@link #drain}: waits until all is answered. Says whether it is. */
    boolean awaitIdle(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        synchronized (idle) {
            while (inFlight.get() > 0) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(idle, left);
            }
        }
        return true;
    }
}
