package dev.arclight.track.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.web.Reply;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Answers that may have hundreds of thousands of items, written one by one: as one tree they would take many times
 * their size in memory, and a server with a small heap would fail.
 */
final class LongAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORT = 1000;
    private static final int BUFFER_BYTES = 1 << 16;

    private LongAnswer() {}

    /** {@code {name: [items], "next_page_token": ...}}; without items the list is left out, as protobuf does. */
    static <T> Reply of(String name, List<T> items, Function<T, ObjectNode> shape, Optional<String> token)
            throws IOException {
        if (items.size() > SHORT) {
            return Reply.stream("application/json", OptionalLong.empty(), out -> {
                OutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
                write(buffered, name, items, shape, token);
                buffered.flush();
            });
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, name, items, shape, token);
        return Reply.json(bytes.toByteArray());
    }

    private static <T> void write(
            OutputStream out, String name, List<T> items, Function<T, ObjectNode> shape, Optional<String> token)
            throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartObject();
            if (!items.isEmpty()) {
                json.writeArrayFieldStart(name);
                for (T item : items) {
                    json.writeTree(shape.apply(item));
                }
                json.writeEndArray();
            }
            if (token.isPresent()) {
                json.writeStringField("next_page_token", token.get());
            }
            json.writeEndObject();
        }
    }
}
