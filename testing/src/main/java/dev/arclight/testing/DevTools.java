package dev.arclight.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The Chrome DevTools Protocol over one WebSocket: commands and their answers by id, events by session. Safe for use by
 * many threads.
 */
final class DevTools implements WebSocket.Listener {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
    private final Object sending = new Object();

    private DevTools() {}

    static DevTools connect(URI address) {
        DevTools tools = new DevTools();
        try {
            tools.socket.complete(HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(CALL_TIMEOUT)
                    .buildAsync(address, tools)
                    .join());
        } catch (CompletionException e) {
            throw new AssertionError("Cannot connect to " + address, e);
        }
        return tools;
    }

    /** Events of {@code session} go to {@code listener}, in order, on the socket's thread. */
    void listen(String session, BiConsumer<String, JsonNode> listener) {
        listeners.put(session, listener);
    }

    void forget(String session) {
        listeners.remove(session);
    }

    /**
     * Sends a command and waits for its answer.
     *
     * @param session empty for the browser itself
     * @throws AssertionError if the browser refuses it or does not answer in time
     */
    JsonNode call(String session, String method, Map<String, ?> parameters) {
        try {
            return send(session, method, parameters).get(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(method + " " + parameters + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new AssertionError(method + ": no answer from the browser within " + CALL_TIMEOUT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for " + method, e);
        }
    }

    /** Asks the browser to end; it may be gone already. */
    void quit() {
        var unused = send("", "Browser.close", Map.of());
    }

    private CompletableFuture<JsonNode> send(String session, String method, Map<String, ?> parameters) {
        long id = ids.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        synchronized (sending) { // a WebSocket refuses a second message while the first is under way
            socket.thenCompose(open -> open.sendText(message.toString(), true))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            answer.completeExceptionally(failure);
                        }
                    })
                    .exceptionally(failure -> null)
                    .join();
        }
        return answer;
    }

    @Override
    public CompletionStage<?> onText(WebSocket open, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            String whole = text.toString();
            text.setLength(0);
            try {
                received(JSON.readTree(whole));
            } catch (JsonProcessingException e) {
                onError(open, e);
            }
        }
        open.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket open, int status, String reason) {
        lost(new IllegalStateException("The browser closed the connection: " + status + " " + reason));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket open, Throwable error) {
        lost(error);
    }

    private void received(JsonNode message) {
        if (!message.has("id")) {
            BiConsumer<String, JsonNode> listener =
                    listeners.get(message.path("sessionId").asText());
            if (listener != null) {
                listener.accept(message.path("method").asText(), message.path("params"));
            }
            return;
        }
        CompletableFuture<JsonNode> answer = calls.remove(message.path("id").asLong());
        if (answer == null) {
            return;
        }
        if (message.has("error")) {
            answer.completeExceptionally(new IllegalStateException(
                    message.path("error").path("message").asText()));
        } else {
            answer.complete(message.path("result"));
        }
    }

    private void lost(Throwable reason) {
        calls.values().forEach(answer -> answer.completeExceptionally(reason));
        calls.clear();
    }
}
