package dev.arclight.base.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The part of an address after {@code ?}. For one thread. */
public final class QueryString {
    private final StringBuilder text = new StringBuilder();

    /** Without parameters. */
    public static QueryString none() {
        return new QueryString();
    }

    /** With one parameter. */
    public static QueryString of(String name, String value) {
        return none().and(name, value);
    }

    /** One parameter more; the same object. */
    public QueryString and(String name, String value) {
        text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encode(value));
        return this;
    }

    /** One parameter more, if there is a value; the same object. */
    public QueryString and(String name, Optional<String> value) {
        return value.isPresent() ? and(name, value.get()) : this;
    }

    /** With the question mark; empty if there are no parameters. */
    public String text() {
        return text.toString();
    }

    /** A path of any characters as it stands in an address; slashes stay. */
    public static String path(String path) {
        return encode(path).replace("%2F", "/");
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
