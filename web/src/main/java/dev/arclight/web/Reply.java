package dev.arclight.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a handler answers. Immutable: each {@code with} returns a new reply. */
public final class Reply {
    private static final JsonMapper JSON = new JsonMapper();

    /** Writes a body piece by piece, on a worker thread; the stream is closed by the server. */
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private final int status;
    private final @Nullable String contentType;
    private final Map<String, String> headers;
    private final byte[] bytes;
    private final @Nullable Body body;
    private final long length;

    private Reply(
            int status,
            @Nullable String contentType,
            Map<String, String> headers,
            byte[] bytes,
            @Nullable Body body,
            long length) {
        this.status = status;
        this.contentType = contentType;
        this.headers = headers;
        this.bytes = bytes;
        this.body = body;
        this.length = length;
    }

    /** 200 and {@code value} as JSON: a tree, map, list or record of such. */
    public static Reply json(Object value) {
        try {
            return json(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Cannot be JSON: " + value.getClass(), e);
        }
    }

    /** 200 and UTF-8 text that is JSON already. The array belongs to the reply from now on. */
    public static Reply json(byte[] utf8) {
        return bytes("application/json", utf8);
    }

    /** 200 and plain text. */
    public static Reply text(String text) {
        return bytes("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 and {@code bytes}, which belong to the reply from now on. */
    public static Reply bytes(String contentType, byte[] bytes) {
        return new Reply(200, Objects.requireNonNull(contentType), Map.of(), bytes, null, bytes.length);
    }

    /**
     * 200 and a body of any size. What fails after the first byte cuts the connection, so that a client never takes a
     * part for the whole.
     *
     * @param length in bytes, if it is known
     */
    public static Reply stream(String contentType, OptionalLong length, Body body) {
        return new Reply(200, Objects.requireNonNull(contentType), Map.of(), new byte[0], body, length.orElse(-1));
    }

    /** A status without a body, such as 204. */
    public static Reply empty(int status) {
        return new Reply(status, null, Map.of(), new byte[0], null, 0);
    }

    public Reply withStatus(int newStatus) {
        return new Reply(newStatus, contentType, headers, bytes, body, length);
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, Map.copyOf(more), bytes, body, length);
    }

    public int status() {
        return status;
    }

    @Nullable String contentType() {
        return contentType;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] bytes() {
        return bytes;
    }

    @Nullable Body body() {
        return body;
    }

    /** In bytes, or -1 if it is not known. */
    long length() {
        return length;
    }
}
