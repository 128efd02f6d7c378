package dev.arclight.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real, headless Chromium. Closing it leaves no process and no file, also where the test JVM is told to stop.
 *
 * <pre>{@code
 * try (Browser browser = Browser.open();
 *         Page page = browser.page(uri, Viewport.phone())) {
 *     page.await("document.querySelectorAll('tr').length > 3");
 *     page.click("button.more");
 *     assertThat(page.text("h1")).isEqualTo("Runs");
 *     assertThat(page.errors()).isEmpty();
 * }
 * }</pre>
 *
 * <p>One browser serves a whole test class; each page has storage and cookies of its own. Safe for use by many threads,
 * a {@link Page} is not.
 */
public final class Browser implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final Process process;
    private final Path folder;
    private final DevTools tools;
    private final Thread onExit;

    private Browser(Process process, Path folder, DevTools tools, Thread onExit) {
        this.process = process;
        this.folder = folder;
        this.tools = tools;
        this.onExit = onExit;
    }

    /** Starts Chromium or Chrome; where there is none, the running test is skipped, or fails in the full tier. */
    public static Browser open() {
        Path program = Needs.program("chromium", "google-chrome", "chromium-browser", "google-chrome-stable");
        try {
            Path folder = Files.createTempDirectory("arclight-browser");
            Path log = folder.resolve("chromium.log");
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--headless",
                            "--no-sandbox", // tests run as root in containers, on pages that they wrote themselves
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--no-default-browser-check",
                            "--disable-extensions",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--hide-scrollbars",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "about:blank")
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(log.toFile())
                    .redirectErrorStream(true)
                    .start();
            Thread onExit = new Thread(() -> end(family(process), folder), "browser-exit");
            Runtime.getRuntime().addShutdownHook(onExit);
            try {
                return new Browser(process, folder, DevTools.connect(address(process, folder, log)), onExit);
            } catch (IOException | RuntimeException | AssertionError e) {
                Runtime.getRuntime().removeShutdownHook(onExit);
                end(family(process), folder);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + program, e);
        }
    }

    /** Opens {@code address} and waits until it is loaded with all it refers to. */
    public Page page(URI address, Viewport viewport) {
        String context = tools.call("", "Target.createBrowserContext", Map.of())
                .path("browserContextId")
                .asText();
        JsonNode target =
                tools.call("", "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context));
        JsonNode session = tools.call(
                "",
                "Target.attachToTarget",
                Map.of("targetId", target.path("targetId").asText(), "flatten", true));
        Page page = new Page(tools, context, session.path("sessionId").asText());
        try {
            page.prepare(viewport);
            page.navigate(address);
            return page;
        } catch (RuntimeException | AssertionError e) {
            page.close();
            throw e;
        }
    }

    /** Opens a file as a reader would by a double click. */
    public Page page(Path file, Viewport viewport) {
        return page(file.toUri(), viewport);
    }

    /** Ends the browser with all its pages. Idempotent. */
    @Override
    public void close() {
        if (!process.isAlive() && !Files.exists(folder)) {
            return;
        }
        List<ProcessHandle> family = family(process); // now: what outlives its parent is nobody's descendant
        tools.quit();
        try {
            process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(family, folder);
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The JVM is stopping: the hook itself runs, and finds nothing left to do.
        }
    }

    /** The process, for tests of this class. */
    ProcessHandle process() {
        return process.toHandle();
    }

    /** Where everything of this browser lies, for tests of this class. */
    Path folder() {
        return folder;
    }

    private static URI address(Process process, Path folder, Path log) throws IOException {
        Path file = folder.resolve("profile/DevToolsActivePort");
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() >= 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("Chromium did not open its DevTools port within %s (%s)\n%s"
                        .formatted(
                                START_TIMEOUT,
                                process.isAlive() ? "still running" : "exit " + process.exitValue(),
                                Files.readString(log)));
            }
            Waiting.pause();
        }
    }

    private static List<ProcessHandle> family(Process process) {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
    }

    private static void end(List<ProcessHandle> family, Path folder) {
        family.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (family.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            Waiting.pause();
        }
        // A helper that is going down may still write into the profile: try again until it is gone.
        while (!deleted(folder) && System.nanoTime() < deadline) {
            Waiting.pause();
        }
    }

    private static boolean deleted(Path folder) {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
