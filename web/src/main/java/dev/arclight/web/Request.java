package dev.arclight.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a caller asks. Used by the one thread that handles it. */
public final class Request {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final HttpServerExchange exchange;
    private final Map<String, String> parameters;
    private final String caller;
    private final Role role;
    private final long bodyBytes;
    private byte @Nullable [] bytes;
    private boolean quick;
    private @Nullable InputStream body;
    private @Nullable Map<String, List<String>> query;
    private @Nullable Map<String, List<String>> form;

    Request(HttpServerExchange exchange, Map<String, String> parameters, Gate.Caller caller, long bodyBytes) {
        this.exchange = exchange;
        this.parameters = parameters;
        this.caller = caller.name();
        this.role = caller.role();
        this.bodyBytes = bodyBytes;
    }

    void hold(byte[] body) {
        bytes = body;
    }

    void markQuick() {
        quick = true;
    }

    /** Whether the thread that read this request handles it, see {@link Route#quick}; it must not wait. */
    public boolean isQuick() {
        return quick;
    }

    /** Such as {@code GET}. */
    public String method() {
        return exchange.getRequestMethod().toString();
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return exchange.getRequestScheme();
    }

    /** The path as it came, still percent-encoded. */
    public String rawPath() {
        return exchange.getRequestPath();
    }

    /**
     * What stands in the path for {@code name}, decoded.
     *
     * @throws IllegalArgumentException if the route has no such parameter
     */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The route has no parameter " + name);
        }
        return value;
    }

    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return queries(name).stream().findFirst();
    }

    /** All values of a query parameter, in order. */
    public List<String> queries(String name) {
        return queries().getOrDefault(name, List.of());
    }

    /** All query parameters, in order. */
    public Map<String, List<String>> queries() {
        if (query == null) {
            query = Paths.query(exchange.getQueryString());
        }
        return query;
    }

    /** The first header called {@code name}, in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** In bytes, where the caller says. */
    public OptionalLong contentLength() {
        long length = exchange.getRequestContentLength();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    /** The value of a cookie. */
    Optional<String> cookie(String name) {
        return Optional.ofNullable(exchange.getRequestCookie(name)).map(cookie -> cookie.getValue());
    }

    /**
     * The first value of a field of a form that the body is ({@code application/x-www-form-urlencoded}).
     *
     * @throws HttpError 400 if the body is no such form
     */
    public Optional<String> form(String name) throws IOException {
        if (form == null) {
            String type = header("Content-Type").orElse("");
            if (!type.startsWith("application/x-www-form-urlencoded")) {
                throw HttpError.badRequest("The body is '%s'; a form was expected".formatted(type));
            }
            form = Paths.query(new String(bytes(), StandardCharsets.ISO_8859_1));
        }
        return form.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The body as it arrives. Reading fails with an {@link IOException} past the route's limit; that becomes 413. */
    public InputStream body() {
        if (bytes != null) {
            return new ByteArrayInputStream(bytes);
        }
        if (body == null) {
            if (!exchange.isBlocking()) {
                exchange.startBlocking();
            }
            body = new BoundedBody(exchange.getInputStream(), bodyBytes);
        }
        return body;
    }

    /** The whole body, at most as large as the route's limit. */
    public byte[] bytes() throws IOException {
        if (bytes == null) {
            bytes = body().readAllBytes();
        }
        return bytes;
    }

    /**
     * The whole body as JSON.
     *
     * @throws HttpError 400 if it is none
     */
    public JsonNode json() throws IOException {
        byte[] body = bytes();
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree == null || tree.isMissingNode()) {
                throw HttpError.badRequest("The body is empty; JSON was expected");
            }
            return tree;
        } catch (JacksonException e) {
            throw HttpError.badRequest("The body is no JSON: %s at line %d, column %d"
                    .formatted(
                            e.getOriginalMessage(),
                            e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                            e.getLocation() == null ? 0 : e.getLocation().getColumnNr()));
        }
    }

    /** Who asks: the owner of the token, or {@code local} where no tokens are used. For records, not for decisions. */
    public String caller() {
        return caller;
    }

    /** What the caller may do. */
    public Role role() {
        return role;
    }

    @Override
    public String toString() {
        return method() + " " + rawPath();
    }
}
