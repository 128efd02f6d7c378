package dev.arclight.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A page open in a {@link Browser}. What fails while it is open (console errors, uncaught exceptions, refused or failed
 * requests) is collected: end a test with {@code assertThat(page.errors()).isEmpty()}. Used by one thread.
 */
public final class Page implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Integer> KEYS =
            Map.of("Enter", 13, "Tab", 9, "Escape", 27, "ArrowDown", 40, "ArrowUp", 38, "Backspace", 8);

    private final DevTools tools;
    private final String context;
    private final String session;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<URI> requests = new CopyOnWriteArrayList<>();
    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    Page(DevTools tools, String context, String session) {
        this.tools = tools;
        this.context = context;
        this.session = session;
        tools.listen(session, this::event);
    }

    void prepare(Viewport viewport) {
        send("Page.enable", Map.of());
        send("Runtime.enable", Map.of());
        send("Log.enable", Map.of());
        send("Network.enable", Map.of());
        resize(viewport);
    }

    /** Goes to {@code address} and waits until it is loaded with all it refers to. */
    public void navigate(URI address) {
        evaluate("window.arclightLeaving = true");
        JsonNode answer = send("Page.navigate", Map.of("url", address.toString()));
        if (answer.hasNonNull("errorText")) {
            throw new AssertionError(
                    "Cannot open " + address + ": " + answer.path("errorText").asText());
        }
        boolean other = answer.has("loaderId"); // otherwise a place within the same document
        await("document.readyState === 'complete'" + (other ? " && !window.arclightLeaving" : ""));
    }

    /** Shows the page in another window from now on. */
    public void resize(Viewport viewport) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width", viewport.width(),
                        "height", viewport.height(),
                        "deviceScaleFactor", viewport.scale(),
                        "mobile", viewport.mobile()));
        send("Emulation.setTouchEmulationEnabled", Map.of("enabled", viewport.mobile()));
        String colours = viewport.dark() ? "dark" : "light";
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /**
     * Evaluates JavaScript; a promise is awaited.
     *
     * @return its value as JSON; {@code MissingNode} for undefined
     * @throws AssertionError if it throws
     */
    public JsonNode evaluate(String expression) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + described(answer.path("exceptionDetails")));
        }
        return answer.path("result").path("value");
    }

    /** Waits until {@code condition}, a JavaScript expression, is true; at most 20 seconds. */
    public void await(String condition) {
        await(condition, PATIENCE);
    }

    /**
     * Waits until {@code condition}, a JavaScript expression, is true.
     *
     * @throws AssertionError if it does not become true in time; says what the page shows and what failed
     */
    public void await(String condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        String last = "false";
        while (true) {
            try {
                if (evaluate("!!(" + condition + ")").asBoolean()) {
                    return;
                }
                last = "false";
            } catch (AssertionError e) { // the page may be on its way to another one
                last = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new AssertionError("Not true within %s: %s (last: %s)\nerrors: %s\nthe page shows: %s"
                        .formatted(patience, condition, last, errors, shown()));
            }
            Waiting.pause();
        }
    }

    /** The visible text of the first element that {@code selector} (CSS) finds. */
    public String text(String selector) {
        return evaluate(found(selector) + ".innerText").asText();
    }

    /** How many elements {@code selector} (CSS) finds. */
    public int count(String selector) {
        return evaluate("document.querySelectorAll(" + quoted(selector) + ").length")
                .asInt();
    }

    /**
     * Clicks the middle of the first element that {@code selector} finds, with a mouse.
     *
     * @throws AssertionError if there is none, or something else lies over it
     */
    public void click(String selector) {
        JsonNode at = evaluate("""
                (() => {
                  const e = %s;
                  e.scrollIntoView({block: 'center', behavior: 'instant'});
                  const r = e.getBoundingClientRect();
                  const x = r.left + r.width / 2, y = r.top + r.height / 2;
                  const top = document.elementFromPoint(x, y);
                  return {x, y, free: !!top && (e.contains(top) || top.contains(e)), over: top && top.outerHTML.slice(0, 200)};
                })()""".formatted(found(selector)));
        if (!at.path("free").asBoolean()) {
            throw new AssertionError("Cannot click " + selector + ": it is covered by "
                    + at.path("over").asText());
        }
        mouse("mouseMoved", at, 0);
        mouse("mousePressed", at, 1);
        mouse("mouseReleased", at, 1);
    }

    /** Moves the mouse to a point of the window, in CSS pixels, as for a tooltip. */
    public void point(double x, double y) {
        mouse("mouseMoved", JSON.createObjectNode().put("x", x).put("y", y), 0);
    }

    /** Clicks the first element that {@code selector} finds and types {@code text} into it, after what is there. */
    public void type(String selector, String text) {
        click(selector);
        send("Input.insertText", Map.of("text", text));
    }

    /** Presses a key that writes nothing: Enter, Tab, Escape, ArrowDown, ArrowUp or Backspace. */
    public void press(String key) {
        Integer code = KEYS.get(key);
        if (code == null) {
            throw new IllegalArgumentException("Not one of " + KEYS.keySet() + ": " + key);
        }
        Map<String, Object> event = new java.util.HashMap<>(
                Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code));
        if (key.equals("Enter")) {
            event.put("text", "\r");
        }
        send("Input.dispatchKeyEvent", event);
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
    }

    /** Writes the whole page, beyond the window too, as PNG; parent directories are made. */
    public void screenshot(Path file) {
        JsonNode size = send("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
        JsonNode image = send(
                "Page.captureScreenshot",
                Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of(
                                "x", 0,
                                "y", 0,
                                "width", size.path("width").asDouble(),
                                "height", size.path("height").asDouble(),
                                "scale", 1)));
        save(image, file);
    }

    /** Writes what the window shows as PNG; parent directories are made. */
    public void screenshotOfWindow(Path file) {
        save(send("Page.captureScreenshot", Map.of("format", "png")), file);
    }

    /**
     * What went wrong since the page was opened: console errors, uncaught exceptions, requests that failed or were
     * answered by 400 and above. The browser's own look for {@code /favicon.ico} does not count.
     */
    public List<String> errors() {
        evaluate("1"); // what happened before is reported before the answer to this
        return new ArrayList<>(errors);
    }

    /** What the page asked for, itself included, in order. */
    public List<URI> requests() {
        evaluate("1");
        return new ArrayList<>(requests);
    }

    /**
     * Sends any command of the Chrome DevTools Protocol, for what this class has no method.
     *
     * @throws AssertionError if the browser refuses it
     */
    public JsonNode send(String method, Map<String, ?> parameters) {
        return tools.call(session, method, parameters);
    }

    /** Closes the page and forgets its storage. */
    @Override
    public void close() {
        tools.forget(session);
        tools.call("", "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }

    private void event(String method, JsonNode event) {
        switch (method) {
            case "Runtime.exceptionThrown" -> errors.add("uncaught: " + described(event.path("exceptionDetails")));
            case "Runtime.consoleAPICalled" -> {
                if (event.path("type").asText().matches("error|assert")) {
                    List<String> words = new ArrayList<>();
                    event.path("args")
                            .forEach(word -> words.add(word.path("value")
                                    .asText(word.path("description").asText())));
                    errors.add("console: " + String.join(" ", words));
                }
            }
            case "Log.entryAdded" -> {
                JsonNode entry = event.path("entry");
                boolean network = entry.path("source").asText().equals("network"); // reported below, with its reason
                if (entry.path("level").asText().equals("error") && !network) {
                    errors.add("log: " + entry.path("text").asText() + " "
                            + entry.path("url").asText());
                }
            }
            case "Network.requestWillBeSent" -> {
                String address = event.path("request").path("url").asText();
                addresses.put(event.path("requestId").asText(), address);
                requests.add(URI.create(address.startsWith("data:") ? "data:" : address));
            }
            case "Network.responseReceived" -> {
                JsonNode response = event.path("response");
                if (response.path("status").asInt() >= 400) {
                    failed(
                            response.path("url").asText(),
                            "status " + response.path("status").asInt());
                }
            }
            case "Network.loadingFailed" -> {
                if (!event.path("canceled").asBoolean()) {
                    String reason = event.path("blockedReason")
                            .asText(event.path("errorText").asText());
                    failed(addresses.getOrDefault(event.path("requestId").asText(), "a request"), reason);
                }
            }
            default -> {} // of no interest
        }
    }

    private void failed(String address, String reason) {
        if (!address.endsWith("/favicon.ico")) {
            errors.add("request: " + address + ": " + reason);
        }
    }

    private void mouse(String type, JsonNode at, int clicks) {
        send(
                "Input.dispatchMouseEvent",
                Map.of(
                        "type",
                        type,
                        "x",
                        at.path("x").asDouble(),
                        "y",
                        at.path("y").asDouble(),
                        "button",
                        clicks > 0 ? "left" : "none",
                        "clickCount",
                        clicks));
    }

    private String shown() {
        try {
            return evaluate("document.body ? document.body.innerText.slice(0, 2000) : ''")
                    .asText();
        } catch (AssertionError e) {
            return "nothing: " + e.getMessage();
        }
    }

    private static String found(String selector) {
        return "(document.querySelector(%1$s) || (() => { throw new Error('nothing matches ' + %1$s) })())"
                .formatted(quoted(selector));
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String described(JsonNode details) {
        return details.path("exception")
                .path("description")
                .asText(details.path("text").asText() + " "
                        + details.path("exception").path("value").asText());
    }

    private static void save(JsonNode image, Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.write(file, Base64.getDecoder().decode(image.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
