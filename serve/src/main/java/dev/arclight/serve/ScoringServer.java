package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import dev.arclight.model.Model;
import dev.arclight.web.Limits;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.net.URI;
import java.util.LinkedHashMap;
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

    private final WebServer web;
    private final Models models;

    private ScoringServer(WebServer web, Models models) {
        this.web = web;
        this.models = models;
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
        models.replace(name, new ServedModel(model, version));
    }

    /** Stops: requests under way have 10 s to end. Idempotent. */
    @Override
    public void close() {
        web.close();
    }

    /** Settings of a server. Not safe for use by many threads. */
    public static final class Builder {
        private final Map<String, ServedModel> models = new LinkedHashMap<>();
        private final WebServer.Builder web = WebServer.builder();
        private Limits limits = Limits.standard().withBodyBytes(BODY_BYTES);

        private Builder() {}

        /** Serves {@code model} as {@code name}; the first one also answers {@code /invocations}. */
        public Builder model(String name, Model model) {
            return model(name, "", model);
        }

        /** Serves {@code version} of a registered model. */
        public Builder model(String name, String version, Model model) {
            if (models.putIfAbsent(name, new ServedModel(model, version)) != null) {
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
            web.limits(limits)
                    .route(Route.of(
                                    "POST",
                                    "/invocations",
                                    Role.READ,
                                    request -> served.first().score(request))
                            .quick())
                    .route(Route.of(
                                    "POST",
                                    "/models/{name}/invocations",
                                    Role.READ,
                                    request -> served.find(request.parameter("name"))
                                            .score(request))
                            .quick())
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
            return new ScoringServer(web.start(), served);
        }

        private static String version() {
            String version = ScoringServer.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
