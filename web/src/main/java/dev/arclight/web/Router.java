package dev.arclight.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request. Text beats a parameter, a parameter beats the rest. Immutable. */
final class Router {
    /** A route and the values of its parameters. */
    record Match(Route route, Map<String, String> parameters) {}

    private final Map<String, Map<String, Match>> exact = new HashMap<>();
    private final List<Route> patterns = new ArrayList<>();

    Router(List<Route> routes) {
        for (Route route : routes) {
            if (route.path().indexOf('{') < 0) {
                Match before = exact.computeIfAbsent(route.path(), any -> new HashMap<>())
                        .put(route.method(), new Match(route, Map.of()));
                if (before != null) {
                    throw new IllegalArgumentException("Two routes for " + route);
                }
            } else {
                patterns.add(route);
            }
        }
        patterns.sort((a, b) -> compare(a.pattern(), b.pattern()));
    }

    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = Integer.compare(kind(a.get(i)), kind(b.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(b.size(), a.size());
    }

    private static int kind(String segment) {
        return segment.startsWith("{") ? segment.endsWith("...}") ? 2 : 1 : 0;
    }

    /**
     * The route of a request.
     *
     * @throws HttpError 404 or 405
     */
    Match find(String method, String rawPath) {
        String asked = method.equals("HEAD") ? "GET" : method;
        Map<String, Match> here = exact.get(rawPath);
        if (here != null) {
            Match match = here.get(asked);
            if (match != null) {
                return match;
            }
        }
        TreeSet<String> allowed = new TreeSet<>(here == null ? List.of() : here.keySet());
        List<String> segments = Paths.segments(rawPath);
        for (Route route : patterns) {
            Map<String, String> parameters = parameters(route.pattern(), segments);
            if (parameters == null) {
                continue;
            }
            if (route.method().equals(asked)) {
                return new Match(route, parameters);
            }
            allowed.add(route.method());
        }
        if (!allowed.isEmpty()) {
            throw new HttpError(
                            405,
                            "METHOD_NOT_ALLOWED",
                            "%s is not for this address; use %s".formatted(method, String.join(" or ", allowed)))
                    .withHeader("Allow", String.join(", ", allowed));
        }
        throw new HttpError(404, "ENDPOINT_NOT_FOUND", "There is nothing at " + String.join("/", segments));
    }

    private static @Nullable Map<String, String> parameters(List<String> pattern, List<String> segments) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String part = pattern.get(i);
            if (kind(part) == 2) {
                parameters.put(
                        part.substring(1, part.length() - 4),
                        String.join("/", segments.subList(Math.min(i, segments.size()), segments.size())));
                return parameters;
            }
            if (i >= segments.size()) {
                return null;
            }
            if (kind(part) == 1) {
                if (segments.get(i).isEmpty()) {
                    return null;
                }
                parameters.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return null;
            }
        }
        return segments.size() == pattern.size() ? parameters : null;
    }
}
