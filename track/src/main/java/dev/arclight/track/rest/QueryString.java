package dev.arclight.track.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The part of an address after {@code ?}. For one thread. */
final class QueryString {
    private final StringBuilder text = new StringBuilder();

    /** Without parameters. */
    static QueryString none() {
        return new QueryString();
    }

    static QueryString of(String name, String value) {
        return none().and(name, value);
    }

    QueryString and(String name, String value) {
        text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encode(value));
        return this;
    }

    QueryString and(String name, Optional<String> value) {
        return value.isPresent() ? and(name, value.get()) : this;
    }

    String text() {
        return text.toString();
    }

    /** A path of any characters as it stands in an address; slashes stay. */
    static String path(String path) {
        return encode(path).replace("%2F", "/");
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
