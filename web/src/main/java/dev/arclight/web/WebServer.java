package dev.arclight.web;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;
import org.xnio.Sequence;

/**
 * An HTTP server that is safe to leave on: it listens on loopback unless it has tokens, refuses requests that other
 * sites make a browser send, bounds bodies, time, connections and queue, and answers errors as JSON
 * {@code {"error_code", "message"}}.
 *
 * <pre>{@code
 * try (WebServer server = WebServer.builder()
 *         .route(Route.of("GET", "/models/{name}", Role.READ, request -> Reply.text(request.parameter("name"))))
 *         .start()) {
 *     System.out.println(server.uri());
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Undertow undertow;
    private final Pipeline pipeline;
    private final Deadlines deadlines;
    private final Metrics metrics;
    private final URI uri;
    private boolean closed;

    private WebServer(Undertow undertow, Pipeline pipeline, Deadlines deadlines, Metrics metrics, URI uri) {
        this.undertow = undertow;
        this.pipeline = pipeline;
        this.deadlines = deadlines;
        this.metrics = metrics;
        this.uri = uri;
    }

    /** Settings of a server on 127.0.0.1 and any free port, without tokens. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Loads the HTTP library, which takes as long as many a program's own work before it serves. For a thread beside
     * that work; {@link Builder#start} does without, only later.
     */
    public static void prepare() {
        Undertow nothing =
                Undertow.builder().setIoThreads(1).setWorkerThreads(1).build(); // listens nowhere
        nothing.start();
        nothing.stop();
    }

    /** Where it listens, such as {@code http://127.0.0.1:5001}. */
    public URI uri() {
        return uri;
    }

    /** Its port. */
    public int port() {
        return uri.getPort();
    }

    /** What it counts; add your own. */
    public Metrics metrics() {
        return metrics;
    }

    /** Stops: new requests are refused, those under way have 10 s to end. Idempotent. */
    @Override
    public void close() {
        close(DRAIN);
    }

    /** Stops, with another time for requests under way. */
    public void close(Duration drain) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        pipeline.drain();
        try {
            if (!pipeline.awaitIdle(drain)) {
                LOG.warn("Stopping {} with {} requests not answered after {}", uri, pipeline.inFlight(), drain);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        undertow.stop();
        deadlines.close();
    }

    /** Settings of a server. Not safe for use by many threads. */
    public static final class Builder {
        private final List<Route> routes = new ArrayList<>();
        private final List<Token> tokens = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final Metrics metrics = new Metrics();
        private String host = "127.0.0.1";
        private int port;
        private Limits limits = Limits.standard();
        private boolean people;
        private @Nullable SSLContext tls;
        private @Nullable TokenFile tokenFile;

        private Builder() {}

        /** The address to listen on. One that others can reach needs a token. */
        public Builder host(String address) {
            host = Objects.requireNonNull(address);
            return this;
        }

        /** The port, or 0 for any free one. */
        public Builder port(int number) {
            if (number < 0 || number > 65535) {
                throw new IllegalArgumentException("Not a port: " + number);
            }
            port = number;
            return this;
        }

        /** A further name under which callers reach the server, as they write it in the address. */
        public Builder name(String name) {
            names.add(name);
            return this;
        }

        /** Admits callers with this token. With one token or more, every route but {@link Role#ANYONE}'s needs one. */
        public Builder token(Token token) {
            tokens.add(token);
            return this;
        }

        /** Admits callers with a token in this file; one that is added or revoked later counts within seconds. */
        public Builder tokens(TokenFile file) {
            tokenFile = file;
            return this;
        }

        /**
         * Lets people with a browser sign in by a token, on {@code /sign-in}; what needs a token then answers them with
         * that form. {@code POST /sign-out} ends it.
         */
        public Builder signIn() {
            people = true;
            return this;
        }

        /**
         * Speaks HTTPS only, TLS 1.2 or newer.
         *
         * @param certificates PEM: the server's certificate first, then those that vouch for it
         * @param key PEM: PKCS#8, not encrypted
         * @throws ArclightException {@link ErrorCode#BAD_INPUT} if they cannot be read
         */
        public Builder tls(Path certificates, Path key) {
            tls = Tls.context(certificates, key);
            return this;
        }

        public Builder limits(Limits newLimits) {
            limits = Objects.requireNonNull(newLimits);
            return this;
        }

        public Builder route(Route route) {
            routes.add(route);
            return this;
        }

        /** What the server will count; add your own. {@code GET /metrics} is there by itself. */
        public Metrics metrics() {
            return metrics;
        }

        /**
         * Starts the server.
         *
         * @return owned by the caller
         * @throws ArclightException {@link ErrorCode#BAD_INPUT} if the address is unknown or others can reach it and
         *     there is no token, {@link ErrorCode#UNAVAILABLE} if the port is taken
         */
        public WebServer start() {
            InetAddress address = address();
            Tokens known = Tokens.of(tokens, tokenFile);
            if (!address.isLoopbackAddress() && !known.areNeeded()) {
                throw ArclightException.badInput(
                        "Others can reach %s, so the server does not listen there without a token; set one, or listen on 127.0.0.1"
                                .formatted(host));
            }
            List<Route> all = new ArrayList<>(routes);
            all.add(Route.of("GET", "/metrics", Role.READ, request -> metrics.reply()));
            SignIn signIn = people && known.areNeeded() ? new SignIn(known, tls != null) : null;
            if (signIn != null) {
                all.addAll(signIn.routes());
            }
            Deadlines deadlines = new Deadlines();
            Gate gate = new Gate(address, host, names, known, signIn);
            Pipeline pipeline = new Pipeline(gate, new Router(all), limits, deadlines, metrics, signIn);
            int millis = (int) Math.min(Integer.MAX_VALUE, limits.requestTime().toMillis());
            Undertow.Builder listener = tls == null
                    ? Undertow.builder().addHttpListener(port, host, pipeline)
                    : Undertow.builder()
                            .addHttpsListener(port, host, tls, pipeline)
                            .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"));
            Undertow undertow = listener.setIoThreads(readers())
                    .setWorkerThreads(limits.concurrency())
                    .setServerOption(UndertowOptions.DECODE_URL, false)
                    .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                    .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 32 << 10)
                    .setServerOption(UndertowOptions.MAX_PARAMETERS, 1000)
                    .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L) // routes have their own limits
                    .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, Math.min(millis, 30_000))
                    .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 120_000)
                    .setSocketOption(Options.READ_TIMEOUT, millis)
                    .setSocketOption(Options.WRITE_TIMEOUT, millis)
                    .setSocketOption(Options.TCP_NODELAY, true)
                    .setSocketOption(Options.REUSE_ADDRESSES, true)
                    .setSocketOption(Options.CONNECTION_HIGH_WATER, limits.connections())
                    .setSocketOption(Options.CONNECTION_LOW_WATER, Math.max(1, limits.connections() * 9 / 10))
                    .build();
            try {
                undertow.start();
            } catch (RuntimeException e) {
                deadlines.close();
                throw failure(e);
            }
            InetSocketAddress bound =
                    (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
            return new WebServer(
                    undertow,
                    pipeline,
                    deadlines,
                    metrics,
                    uri(tls == null ? "http" : "https", address, bound.getPort()));
        }

        /**
         * More than cores: the library gives each connection to a thread by chance, and two threads are badly balanced
         * for a handful of busy connections (all of eight on one core in one of 128 starts, six or more in 29%).
         */
        private static int readers() {
            int cores = Runtime.getRuntime().availableProcessors();
            return cores + Math.min(cores, 16);
        }

        private InetAddress address() {
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new ArclightException(
                        ErrorCode.BAD_INPUT, "There is no address '%s' to listen on".formatted(host), e);
            }
        }

        private ArclightException failure(RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    return new ArclightException(
                            ErrorCode.UNAVAILABLE,
                            "Cannot listen on port %d of %s (%s): another program has it; choose another port, or 0 for any free one"
                                    .formatted(port, host, cause.getMessage()),
                            e);
                }
            }
            return new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot listen on port %d of %s: %s".formatted(port, host, e.getMessage()),
                    e);
        }

        private static URI uri(String scheme, InetAddress address, int port) {
            String host = address.isAnyLocalAddress()
                    ? "127.0.0.1"
                    : address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
            return URI.create("%s://%s:%d".formatted(scheme, host, port));
        }
    }
}
