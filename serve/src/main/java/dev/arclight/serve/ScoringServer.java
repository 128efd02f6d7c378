package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Model;
import dev.arclight.track.Tracking;
import dev.arclight.web.Limits;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers MLflow's scoring protocol for one or more models: {@code POST /invocations} (the first model) and {@code POST
 * /models/NAME/invocations} with JSON ({@code dataframe_split}, {@code dataframe_records}, {@code instances},
 * {@code inputs}) or CSV; {@code GET /ping}, {@code /health}, {@code /version}, {@code /metrics}, {@code /models} and
 * {@code /models/NAME}. Beside it the Open Inference Protocol under {@code /v2}, {@code /openapi.json} and a page at
 * {@code /} to try a request.
 *
 * <pre>{@code
 * try (ScoringServer server = ScoringServer.builder().model("wine-quality", model).start()) {
 *     System.out.println(server.uri());
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class ScoringServer implements AutoCloseable {
    private static final long BODY_BYTES = 64L << 20;

    /** Requests that may wait for each core; one that waits for eight others is answered soon enough. */
    private static final int WAITING_PER_CORE = 8;

    private final WebServer web;
    private final Models models;
    private final AliasFollower follower;

    private ScoringServer(WebServer web, Models models, AliasFollower follower) {
        this.web = web;
        this.models = models;
        this.follower = follower;
    }

    /** Settings of a server on 127.0.0.1 and any free port. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it listens, such as {@code http://127.0.0.1:5001}. */
    public URI uri() {
        return web.uri();
    }

    /**
     * Replaces the version that answers for {@code name}. Requests under way are answered by the old one, later ones by
     * the new one, none by both.
     *
     * @param version shown to callers in the header {@code X-Arclight-Model-Version}; may be empty
     * @throws ArclightException {@link dev.arclight.base.ErrorCode#NOT_FOUND} if no such model is served
     */
    public void replace(String name, String version, Model model) {
        ServedModel next = new ServedModel(model, version);
        next.warmUp();
        models.replace(name, next);
    }

    /** Stops: requests under way have 10 s to end. Idempotent. */
    @Override
    public void close() {
        follower.close();
        web.close();
    }

    /** Settings of a server. Not safe for use by many threads. */
    public static final class Builder {
        private final Map<String, ServedModel> models = new LinkedHashMap<>();
        private final WebServer.Builder web = WebServer.builder();
        private final List<RegisteredModel> followed = new ArrayList<>();
        private Duration followEvery = Duration.ofSeconds(1);
        private Limits limits = Limits.standard().withBodyBytes(BODY_BYTES);

        private Builder() {}

        /** Serves {@code model} as {@code name}; the first one also answers {@code /invocations}. */
        public Builder model(String name, Model model) {
            return model(name, "", model);
        }

        /** Serves {@code model} as {@code name} and tells callers that it is {@code version}. */
        public Builder model(String name, String version, Model model) {
            return add(name, new ServedModel(model, version));
        }

        /**
         * Serves a registered model under its name. An alias is followed: when it moves, the version that it then names
         * is loaded, proven on its golden rows and warmed up, and answers from then on. No request fails, and each is
         * answered by one version.
         *
         * @param store open as long as the server
         * @param uri {@code models:/name@alias} or {@code models:/name/version}
         * @throws ArclightException {@link dev.arclight.base.ErrorCode#NOT_FOUND} if there is no such version, and as
         *     {@link Model#load}
         */
        public Builder registered(Tracking store, String uri) {
            RegisteredModel model = RegisteredModel.of(store, uri);
            add(model.name(), model.load(model.version()));
            if (model.isAlias()) {
                followed.add(model);
            }
            return this;
        }

        /** How often to look where aliases point; 1 s if not set. */
        public Builder followEvery(Duration time) {
            if (time.toMillis() < 1) {
                throw new IllegalArgumentException("Not a time to wait: " + time);
            }
            followEvery = time;
            return this;
        }

        private Builder add(String name, ServedModel model) {
            if (models.putIfAbsent(name, model) != null) {
                throw ArclightException.badInput("Two models are to be served as '%s'".formatted(name));
            }
            return this;
        }

        /** The address to listen on; one that others can reach needs a token. */
        public Builder host(String address) {
            web.host(address);
            return this;
        }

        /** The port, or 0 for any free one. */
        public Builder port(int number) {
            web.port(number);
            return this;
        }

        /** Admits callers with this token, and from now on only such. */
        public Builder token(Token token) {
            web.token(token);
            return this;
        }

        /** Other limits than 64 MiB bodies and {@link Limits#standard}. */
        public Builder limits(Limits newLimits) {
            limits = newLimits;
            return this;
        }

        /**
         * Starts the server; when this returns it answers.
         *
         * @return owned by the caller
         * @throws ArclightException as {@link WebServer.Builder#start}
         */
        public ScoringServer start() {
            if (models.isEmpty()) {
                throw new IllegalStateException("No model to serve");
            }
            Models served = new Models(models);
            int cores = Runtime.getRuntime().availableProcessors();
            Admission admission = new Admission(
                    cores,
                    WAITING_PER_CORE * cores,
                    web.metrics().counter("arclight_scoring_refused", "Requests answered 429: computing at the limit"));
            web.limits(limits)
                    .route(Route.of(
                                    "POST",
                                    "/invocations",
                                    Role.READ,
                                    request -> score(served.first(), request, admission))
                            .quick(request -> isQuick(served.first(), request)))
                    .route(Route.of(
                                    "POST",
                                    "/models/{name}/invocations",
                                    Role.READ,
                                    request -> score(served.find(request.parameter("name")), request, admission))
                            .quick(request -> isQuick(served.find(request.parameter("name")), request)))
                    .route(Route.of("GET", "/models", Role.READ, request -> served.list()))
                    .route(Route.of(
                            "GET", "/models/{name}", Role.READ, request -> served.describe(request.parameter("name"))))
                    .route(Route.of("GET", "/version", Role.ANYONE, request -> Reply.text(version())))
                    .route(Route.of("GET", "/ping", Role.ANYONE, request -> Reply.text("\n"))
                            .quick())
                    .route(Route.of("GET", "/health", Role.ANYONE, request -> Reply.text("\n"))
                            .quick());
            new OpenInference(served, version()).routes().forEach(web::route);
            new ServerPage(served, version()).routes().forEach(web::route);
            models.values().forEach(ServedModel::warmUp);
            AliasFollower follower = new AliasFollower(followed, served, web.metrics());
            WebServer started = web.start();
            follower.start(followEvery);
            return new ScoringServer(started, served, follower);
        }

        private static boolean isQuick(ServedModel model, Request request) {
            return model.isQuick(request.contentLength().orElse(Long.MAX_VALUE));
        }

        private static Reply score(ServedModel model, Request request, Admission admission)
                throws IOException, InterruptedException {
            if (isQuick(model, request)) {
                return model.score(request);
            }
            request.bytes(); // read before the place is taken: a slow sender must not hold it
            admission.enter();
            try {
                return model.score(request);
            } finally {
                admission.leave();
            }
        }

        private static String version() {
            String version = ScoringServer.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
