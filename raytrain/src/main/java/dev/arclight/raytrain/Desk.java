package dev.arclight.raytrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.RayLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Python side of one training: an actor on the cluster ({@code desk.py}) that runs the program which trains. */
final class Desk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final String WHO = "the desk of the training";
    private static final List<String> PACKAGE = List.of("__init__.py", "columns.py", "blocks.py", "directory.py");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RayLink link;
    private final String name;
    private int heard;

    private Desk(RayLink link, String name) {
        this.link = link;
        this.name = name;
    }

    /** What was heard, and whether there will be more. */
    record News(List<JsonNode> events, boolean over) {}

    /**
     * Starts the actor.
     *
     * @throws ArclightException UNAVAILABLE, TIMEOUT if the cluster does not start it
     */
    static Desk open(RayLink link) {
        String name = "arclight-training-"
                + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        link.runPython(text("desk.py") + "\nstart('%s')\n".formatted(name), START);
        return new Desk(link, name);
    }

    /**
     * Starts the program that trains; it checks what it can and waits for {@link #go}.
     *
     * @param code files of Python source by their paths
     */
    void start(Map<String, byte[]> code, Map<String, Object> settings) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("training.py", text("training.py").getBytes(StandardCharsets.UTF_8));
        PACKAGE.forEach(file ->
                files.put("python/arclight/" + file, text("arclight/" + file).getBytes(StandardCharsets.UTF_8)));
        code.forEach((path, bytes) -> files.put("code/" + path, bytes));
        Map<String, String> encoded = new TreeMap<>();
        files.forEach((path, bytes) -> encoded.put(path, Base64.getEncoder().encodeToString(bytes)));
        ask("start", Map.of("files", encoded, "settings", settings));
    }

    /** Lets the training begin. */
    void go(Map<String, String> datasets) {
        ask("go", Map.of("datasets", datasets));
    }

    /** Waits some seconds for news. */
    News poll() {
        JsonNode answer = ask("poll", Map.of("after", heard));
        List<JsonNode> events = new ArrayList<>();
        answer.path("events").forEach(events::add);
        heard += events.size();
        return new News(events, answer.path("over").asBoolean());
    }

    /** The checkpoint, a zip file of {@code bytes}. */
    byte[] archive(int bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes);
        while (all.size() < bytes) {
            byte[] part = Base64.getDecoder()
                    .decode(ask("part", Map.of("offset", all.size()))
                            .path("data")
                            .asText());
            if (part.length == 0) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The trained model has %d bytes, of which %d came".formatted(bytes, all.size()));
            }
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Ends the training, if it goes on, and frees what it has on the cluster. */
    @Override
    public void close() {
        try {
            ask("end", Map.of());
        } catch (ArclightException e) {
            LOG.debug("The desk of a training did not answer when it was to end", e); // it then ends by itself
        }
    }

    private JsonNode ask(String what, Map<String, Object> arguments) {
        Map<String, Object> request = new HashMap<>(arguments);
        request.put("do", what);
        try {
            JsonNode answer = JSON.readTree(link.askActor(name, WHO, JSON.writeValueAsBytes(request), ANSWER));
            if (answer.has("error")) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The desk of the training, asked for %s: %s"
                                .formatted(what, answer.get("error").asText()));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String file) {
        try (InputStream in = Desk.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("Not on the class path: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
