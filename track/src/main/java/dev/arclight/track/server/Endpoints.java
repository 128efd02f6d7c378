package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.View;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects routes below MLflow's two prefixes: {@code /api} for programs and {@code /ajax-api} for pages. */
final class Endpoints {
    private static final List<String> PREFIXES = List.of("/api/2.0/", "/ajax-api/2.0/");

    private final List<Route> routes = new ArrayList<>();

    /** Answers a call with a message. */
    @FunctionalInterface
    interface Call {
        ObjectNode answer(Payload payload, Request request) throws IOException;
    }

    /** Answers a call with a message of any size. */
    @FunctionalInterface
    interface Answer {
        Reply answer(Payload payload, Request request) throws IOException;
    }

    /** Does something and answers with an empty message. */
    @FunctionalInterface
    interface Action {
        void run(Payload payload, Request request) throws IOException;
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    void get(String path, Call call) {
        add("GET", path, Role.READ, call);
    }

    /** A search: POST, but it only looks. */
    void look(String path, Call call) {
        add("POST", path, Role.READ, call);
    }

    void post(String path, Call call) {
        add("POST", path, Role.WRITE, call);
    }

    void act(String method, String path, Action action) {
        act(method, path, Role.WRITE, action);
    }

    void act(String method, String path, Role role, Action action) {
        add(method, path, role, (payload, request) -> {
            action.run(payload, request);
            return MlflowJson.object();
        });
    }

    void add(String method, String path, Role role, Call call) {
        reply(method, path, role, (payload, request) -> Reply.json(call.answer(payload, request)));
    }

    void reply(String method, String path, Role role, Answer call) {
        for (String prefix : PREFIXES) {
            // Bodies are read without a thread that waits for them, so that slow callers hold up nobody.
            routes.add(Route.of(method, prefix + "mlflow/" + path, role, request -> guarded(call, request))
                    .quick(request -> false));
        }
    }

    /** Adds a route below both prefixes as it is; {@code path} begins after {@code /api/2.0/}. */
    void raw(String path, java.util.function.Function<String, Route> route) {
        for (String prefix : PREFIXES) {
            routes.add(route.apply(prefix + path));
        }
    }

    void add(Route route) {
        routes.add(route);
    }

    static View view(Payload payload, String name) {
        String text = payload.text(name);
        return switch (text) {
            case "", "ACTIVE_ONLY", "1" -> View.ACTIVE_ONLY;
            case "DELETED_ONLY", "2" -> View.DELETED_ONLY;
            case "ALL", "3" -> View.ALL;
            default ->
                throw HttpError.badRequest("Invalid value '%s' for parameter '%s' supplied".formatted(text, name));
        };
    }

    static Optional<String> token(Payload payload) {
        return payload.find("page_token").filter(token -> !token.isEmpty());
    }

    private static Reply guarded(Answer call, Request request) throws IOException {
        try {
            return call.answer(Payload.of(request), request);
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.BAD_STATE) {
                // MLflow calls it a wrong value that a run or experiment is deleted.
                throw HttpError.badRequest(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }
}
