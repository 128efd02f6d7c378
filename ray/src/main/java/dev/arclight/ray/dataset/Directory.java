package dev.arclight.ray.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.actor.DirectoryCall;
import dev.arclight.ray.link.RayLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The directory of datasets, asked from the driver or from an executor. Safe for use by many threads. */
final class Directory {
    /** Longer than any wait within the directory. */
    private static final Duration ANSWER = Duration.ofSeconds(630);

    private static final Duration START = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sends a request and waits for the answer. */
    interface Channel {
        byte[] ask(byte[] request, Duration atMost);
    }

    private final Channel channel;

    private Directory(Channel channel) {
        this.channel = channel;
    }

    /** Through the driver's connection. */
    static Directory through(RayLink link) {
        return new Directory(link::askDirectory);
    }

    /** From an executor. */
    static Directory fromExecutor() {
        return new Directory(DirectoryCall::ask);
    }

    /** Starts the directory where it does not run yet. */
    static Directory started(RayLink link) {
        Directory directory = through(link);
        try {
            directory.ask("hello", Map.of());
        } catch (ArclightException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            // One program, as Python's own package starts it, too.
            link.runPython(source("columns.py") + "\n" + source("blocks.py") + "\n" + source("directory.py"), START);
        }
        return directory;
    }

    /**
     * Asks.
     *
     * @param what the request's name
     * @param arguments numbers, strings, booleans, and lists and maps of them
     * @throws ArclightException what the directory refuses, or why it does not answer
     */
    JsonNode ask(String what, Map<String, Object> arguments) {
        return ask(what, arguments, ANSWER);
    }

    /** The same, with less patience. */
    JsonNode ask(String what, Map<String, Object> arguments, Duration atMost) {
        Map<String, Object> request = new HashMap<>(arguments);
        request.put("do", what);
        try {
            JsonNode answer = JSON.readTree(channel.ask(JSON.writeValueAsBytes(request), atMost));
            if (answer.has("error")) {
                throw new ArclightException(
                        ErrorCode.valueOf(answer.get("code").asText()),
                        answer.get("error").asText());
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source(String file) {
        try (InputStream in = Directory.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not beside " + Directory.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
