package dev.arclight.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserIT {
    private static Browser browser;
    private static HttpServer server;
    private static final Map<String, String> PAGES = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.open();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String html = PAGES.get(exchange.getRequestURI().getPath());
            byte[] body = (html == null ? "gone" : html).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(html == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.stop(0);
        }
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void clicksTypesAndReadsWhatThePageSays() {
        URI address = serve("/form", """
                <input id=name><button onclick="document.querySelector('output').textContent =
                  'Hello ' + document.querySelector('#name').value">Go</button>
                <output></output><div style="height:3000px"></div><button id=low onclick="this.textContent='seen'">low</button>
                <script>document.querySelector('#name').addEventListener('keydown', e => { if (e.key === 'Enter') document.title = 'entered' })</script>
                """);
        try (Page page = browser.page(address, Viewport.desktop())) {
            page.type("#name", "Äda ☃");
            page.press("Enter");
            page.await("document.title === 'entered'");
            page.click("button");
            assertThat(page.text("output")).isEqualTo("Hello Äda ☃");
            page.click("#low");
            assertThat(page.text("#low")).isEqualTo("seen");
            assertThat(page.count("button")).isEqualTo(2);
            assertThat(page.evaluate("Promise.resolve({a: [1, null]})").toString())
                    .isEqualTo("{\"a\":[1,null]}");
            assertThat(page.errors()).isEmpty();
            assertThat(page.requests()).contains(address);
        }
    }

    @Test
    void collectsEverythingThatGoesWrong() {
        URI address = serve("/bad", """
                <img src="/missing.png"><script>
                console.error('said', 42); setTimeout(() => { throw new Error('thrown later') });
                Promise.reject(new Error('rejected')); fetch('http://127.0.0.1:1/').catch(() => {}).then(() => { window.done = true });
                </script>""");
        try (Page page = browser.page(address, Viewport.desktop())) {
            page.await("window.done");
            assertThat(page.errors())
                    .anyMatch(error -> error.contains("/missing.png: status 404"))
                    .anyMatch(error -> error.equals("console: said 42"))
                    .anyMatch(error -> error.contains("thrown later"))
                    .anyMatch(error -> error.contains("rejected"))
                    .anyMatch(error -> error.startsWith("request: http://127.0.0.1:1/"));
        }
    }

    @Test
    void showsThePageAsTheViewportSays() throws IOException {
        URI address = serve("/size", """
                <meta name=viewport content="width=device-width"><style>body{margin:0;background:#fff;height:1500px}
                @media (prefers-color-scheme: dark){body{background:#000}}</style>""");
        try (Page page = browser.page(address, Viewport.phone().atScale(2))) {
            assertThat(page.evaluate("[innerWidth, innerHeight, devicePixelRatio]")
                            .toString())
                    .isEqualTo("[390,844,2]");
            Path file = folder.resolve("made/light.png");
            page.screenshot(file);
            var light = ImageIO.read(file.toFile());
            assertThat(List.of(light.getWidth(), light.getHeight())).containsExactly(780, 3000);
            assertThat(light.getRGB(5, 5)).isEqualTo(0xFFFFFFFF);
            page.resize(Viewport.desktop().inDark());
            assertThat(page.evaluate("innerWidth").asInt()).isEqualTo(1440);
            page.screenshotOfWindow(folder.resolve("dark.png"));
            var dark = ImageIO.read(folder.resolve("dark.png").toFile());
            assertThat(List.of(dark.getWidth(), dark.getHeight())).containsExactly(1440, 900);
            assertThat(dark.getRGB(5, 5)).isEqualTo(0xFF000000);
        }
    }

    @Test
    void pagesDoNotShareStorage() {
        URI address = serve("/storage", "<p>storage");
        try (Page first = browser.page(address, Viewport.desktop());
                Page second = browser.page(address, Viewport.desktop())) {
            first.evaluate("localStorage.setItem('a', 'b')");
            assertThat(first.evaluate("localStorage.getItem('a')").asText()).isEqualTo("b");
            assertThat(second.evaluate("localStorage.getItem('a')").isNull()).isTrue();
        }
    }

    @Test
    void saysWhatItWaitedForAndWhatThePageShowedInstead() {
        try (Page page = browser.page(serve("/never", "<p>still empty"), Viewport.desktop())) {
            assertThatThrownBy(() -> page.await("document.title === 'ready'", Duration.ofMillis(200)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("document.title === 'ready'")
                    .hasMessageContaining("still empty");
            assertThatThrownBy(() -> page.click("#nowhere"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("nothing matches #nowhere");
            assertThatThrownBy(() -> page.evaluate("missing.thing"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("missing is not defined");
        }
    }

    @Test
    void refusesToClickWhatSomethingElseCovers() {
        URI address = serve("/covered", """
                <button>under</button><div id=cover style="position:fixed;inset:0;background:#fff">over</div>""");
        try (Page page = browser.page(address, Viewport.desktop())) {
            assertThatThrownBy(() -> page.click("button"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("covered by")
                    .hasMessageContaining("id=\"cover\"");
        }
    }

    @Test
    void saysThatAnAddressCannotBeOpened() {
        assertThatThrownBy(() -> browser.page(URI.create("http://127.0.0.1:1/"), Viewport.desktop()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("http://127.0.0.1:1/")
                .hasMessageContaining("ERR_");
    }

    @Test
    void leavesNoProcessAndNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("hello.html"), "<h1>Hello</h1>");
        Browser own = Browser.open();
        List<ProcessHandle> family;
        try (own) {
            Page page = own.page(file, Viewport.desktop());
            assertThat(page.text("h1")).isEqualTo("Hello");
            family = java.util.stream.Stream.concat(
                            own.process().descendants(), java.util.stream.Stream.of(own.process()))
                    .toList();
            assertThat(family).hasSizeGreaterThan(1);
        }
        assertThat(family).noneMatch(ProcessHandle::isAlive);
        assertThat(own.folder()).doesNotExist();
        own.close();
    }

    private static URI serve(String path, String html) {
        PAGES.put(path, "<!DOCTYPE html>" + html);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
