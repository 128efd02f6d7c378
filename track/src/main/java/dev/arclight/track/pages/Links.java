package dev.arclight.track.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Addresses of the pages, below the server's root. */
final class Links {
    private Links() {}

    static String experiment(String id) {
        return "/experiments/" + part(id);
    }

    static String run(String id) {
        return "/runs/" + part(id);
    }

    /** A file of a run, to be shown or saved. */
    static String file(String runId, String path) {
        List<String> parts = new ArrayList<>();
        for (String one : path.split("/", -1)) {
            parts.add(part(one));
        }
        return run(runId) + "/files/" + String.join("/", parts);
    }

    static String model(String name) {
        return "/models/" + part(name);
    }

    static String compare(List<String> runIds) {
        Query query = new Query();
        runIds.forEach(id -> query.add("run", id));
        return query.after("/compare");
    }

    /** Text as one part of a path. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A query string that grows. */
    static final class Query {
        private final StringBuilder text = new StringBuilder();

        /** Adds a parameter, unless it is empty. */
        Query add(String name, String value) {
            if (!value.isEmpty()) {
                text.append(text.isEmpty() ? '?' : '&')
                        .append(part(name))
                        .append('=')
                        .append(part(value));
            }
            return this;
        }

        Query addAll(String name, List<String> values) {
            values.forEach(value -> add(name, value));
            return this;
        }

        String after(String path) {
            return path + text;
        }
    }
}
