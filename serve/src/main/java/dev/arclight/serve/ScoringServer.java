package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Model;
import dev.arclight.track.Tracking;
import dev.arclight.web.Limits;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

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

    /** For requests that are refused, or for something else than scoring, while all that may wait do. */
    private static final int MORE_THREADS = 32;

    private static final int QUEUE = 200;

    /** A model takes 250 ms at most; this is for a machine on its knees. */
    private static final Duration WARM_UP = Duration.ofMinutes(2);

    private final WebServer web;
    private final Models models;
    private final AliasFollower follower;
    private final Watching watching;

    private ScoringServer(WebServer web, Models models, AliasFollower follower, Watching watching) {
        this.web = web;
        this.models = models;
        this.follower = follower;
        this.watching = watching;
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
        models.replace(name, version, model);
    }

    /** Stops: requests under way have 10 s to end. Idempotent. */
    @Override
    public void close() {
        follower.close();
        web.close();
        watching.close();
    }

    /** Settings of a server. Not safe for use by many threads. */
    public static final class Builder {
        private final Map<String, ServedModel> models = new LinkedHashMap<>();
        private final WebServer.Builder web = WebServer.builder();
        private final Map<String, RegisteredModel> followed = new LinkedHashMap<>();
        private final Map<String, Canary> canaries = new LinkedHashMap<>();
        private final Map<String, List<String>> shadows = new LinkedHashMap<>();
        private final Map<String, Decision> decisions = new LinkedHashMap<>();
        private final Map<String, Path> references = new LinkedHashMap<>();
        private @Nullable Path log;
        private double logShare;
        private Duration followEvery = Duration.ofSeconds(1);
        private final int cores = Runtime.getRuntime().availableProcessors();
        private Limits limits = Limits.standard()
                .withBodyBytes(BODY_BYTES)
                .withConcurrency(Admission.threads(cores) + MORE_THREADS, QUEUE);

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
         * <p>{@code models:/name@champion=95,challenger=5} has the challenger answer 5 of 100 requests to {@code name};
         * a request's bytes decide which, so that sent again it gets the same answer. The others are also served alone,
         * as {@code name@challenger}.
         *
         * @param store open as long as the server
         * @param uri {@code models:/name@alias} or {@code models:/name/version}
         * @throws ArclightException {@link dev.arclight.base.ErrorCode#NOT_FOUND} if there is no such version, and as
         *     {@link Model#load}
         */
        public Builder registered(Tracking store, String uri) {
            int at = uri.indexOf('@');
            if (at < 0 || uri.indexOf('=', at) < 0) {
                RegisteredModel model = RegisteredModel.of(store, uri);
                return registered(model.name(), model);
            }
            Canary shares = Canary.ofAliases(uri, uri.substring(at + 1));
            List<String> keys = new ArrayList<>();
            String name = "";
            for (String alias : shares.keys()) {
                RegisteredModel model = RegisteredModel.of(store, uri.substring(0, at + 1) + alias);
                name = model.name();
                String key = keys.isEmpty() ? name : name + "@" + alias;
                registered(key, model);
                keys.add(key);
            }
            canaries.put(name, new Canary(keys, shares.percents()));
            return this;
        }

        /**
         * Has another version of a model that is served predict what that answers, on a thread of its own, and counts
         * where they disagree: {@code arclight_shadow_…} in {@code /metrics}. No answer waits for it; what it cannot
         * keep up with is left out. It is also served alone, as {@code name@alias} or {@code name/version}.
         *
         * @param uri as in {@link #registered}, without shares
         */
        public Builder shadow(Tracking store, String uri) {
            RegisteredModel model = RegisteredModel.of(store, uri);
            String key = model.name() + (model.isAlias() ? "@" : "/") + model.alias();
            if (!models.containsKey(model.name())) {
                throw ArclightException.badInput(
                        "'%s' is to be the shadow of '%s', which is not served".formatted(uri, model.name()));
            }
            if (!models.containsKey(key)) { // it may be a canary too
                registered(key, model);
            }
            shadows.computeIfAbsent(model.name(), any -> new ArrayList<>()).add(key);
            return this;
        }

        private Builder registered(String key, RegisteredModel model) {
            int version = model.version();
            add(key, new ServedModel(model.load(version), Integer.toString(version)));
            if (model.isAlias()) {
                followed.put(key, model);
            }
            return this;
        }

        /** Puts labels beside the scores of {@code name}, of its canaries and of later versions. */
        public Builder decision(String name, Decision decision) {
            decisions.put(name, decision);
            return this;
        }

        /**
         * Keeps a share of the requests to every model, with the answers, as Parquet files for later training:
         * {@code FOLDER/NAME/...}, a file for each 10,000 rows or minute. The server deletes none.
         *
         * @param share above 0, at most 1
         */
        public Builder requestLog(Path folder, double share) {
            if (!(share > 0 && share <= 1)) {
                throw ArclightException.badInput(
                        "The share of requests to keep is above 0 and at most 1, not " + share);
            }
            log = folder;
            logShare = share;
            return this;
        }

        /**
         * Compares the rows that {@code name} is asked for with those it was trained on: {@code arclight_feature_psi}
         * in {@code /metrics}, {@code /models/NAME/drift} and the page.
         *
         * @param rows a CSV file with a header or a Parquet file ({@code .parquet}) that has the model's inputs
         */
        public Builder reference(String name, Path rows) {
            references.put(name, rows);
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

        /** A further name that callers write into the address; requests for any other host are refused. */
        public Builder name(String host) {
            web.name(host);
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

        /** Speaks HTTPS only; see {@link WebServer.Builder#tls}. */
        public Builder tls(Path certificates, Path key) {
            web.tls(certificates, key);
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
            decisions.forEach(this::decide);
            Models served = new Models(models, canaries);
            Admission admission = Admission.of(cores, web.metrics());
            Watching watching = new Watching(served, web.metrics());
            watching.shadows(shadows);
            if (log != null) {
                watching.log(log, logShare);
            }
            watching.drift(references);
            Invocations invocations = new Invocations(served, admission, watching);
            web.limits(limits)
                    .route(Route.of(
                                    "POST",
                                    "/invocations",
                                    Role.READ,
                                    request -> invocations.answer(served.firstName(), request))
                            .quick(request -> invocations.isQuick(served.firstName(), request)))
                    .route(Route.of(
                                    "POST",
                                    "/models/{name}/invocations",
                                    Role.READ,
                                    request -> invocations.answer(request.parameter("name"), request))
                            .quick(request -> invocations.isQuick(request.parameter("name"), request)))
                    .route(Route.of("GET", "/models", Role.READ, request -> served.list()))
                    .route(Route.of("GET", "/models/{name}", Role.READ, request -> {
                        String name = request.parameter("name");
                        return served.describe(name, watching.hasDrift(name));
                    }))
                    .route(Route.of(
                            "GET",
                            "/models/{name}/drift",
                            Role.READ,
                            request -> watching.describeDrift(request.parameter("name"))))
                    .route(Route.of("GET", "/version", Role.ANYONE, request -> Reply.text(version())))
                    .route(Route.of("GET", "/ping", Role.ANYONE, request -> health(served))
                            .quick())
                    .route(Route.of("GET", "/health", Role.ANYONE, request -> health(served))
                            .quick());
            new OpenInference(served, version(), admission, watching).routes().forEach(web::route);
            new ServerPage(served, version()).routes().forEach(web::route);
            AliasFollower follower = new AliasFollower(followed, served, web.metrics());
            // Beside the start of the HTTP library, which takes as long; until it is done, /ping says 503.
            CompletableFuture<Void> warm = new CompletableFuture<>();
            Thread warmer = new Thread(() -> warmUp(served, warm), "arclight-warm-up");
            warmer.setDaemon(true);
            warmer.start();
            WebServer started = web.start();
            try {
                warm.get(WARM_UP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                started.close();
                throw new ArclightException(
                        ErrorCode.INTERNAL,
                        "The models could not be warmed up within %s: %s".formatted(WARM_UP, e.getMessage()),
                        e);
            } catch (InterruptedException e) {
                started.close();
                Thread.currentThread().interrupt();
                throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while the models were warmed up", e);
            }
            follower.start(followEvery);
            return new ScoringServer(started, served, follower, watching);
        }

        private void decide(String name, Decision decision) {
            if (!models.containsKey(name)) {
                throw ArclightException.badInput("A threshold is set for '%s', which is not served; there are %s"
                        .formatted(name, models.keySet()));
            }
            models.replaceAll(
                    (key, model) -> key.equals(name) || key.startsWith(name + "@") ? model.with(decision) : model);
        }

        private static void warmUp(Models models, CompletableFuture<Void> done) {
            try {
                models.warmUp();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        }

        private static Reply health(Models models) {
            return models.isReady()
                    ? Reply.text("\n")
                    : Reply.text("The models are being warmed up\n").withStatus(503);
        }

        private static String version() {
            String version = ScoringServer.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
