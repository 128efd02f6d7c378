package dev.arclight.track.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Browser;
import dev.arclight.testing.Page;
import dev.arclight.testing.Viewport;
import dev.arclight.track.ExperimentSearch;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.View;
import dev.arclight.web.Limits;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others may try on a tracking server: other sites through a browser, callers who send too much or too slowly. */
@Tag("full")
@Timeout(120)
final class TrackingSecurityIT {
    private static final String TOKEN = "admin-0123456789abcdef";
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Tracking tracking;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private WebServer server;

    @BeforeEach
    void open() {
        tracking = Tracking.open(folder.resolve("store").toString());
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close(Duration.ZERO);
        }
        tracking.close();
    }

    private void start(WebServer.Builder builder) {
        server = TrackingServer.addTo(builder, tracking).start();
    }

    private List<String> experiments() {
        return tracking
                .experiments()
                .search(new ExperimentSearch(View.ALL, "", List.of(), 100, Optional.empty()))
                .items()
                .stream()
                .map(experiment -> experiment.name())
                .toList();
    }

    @Test
    void aBrowserThatWasLedToAnotherNameIsRefused() {
        start(WebServer.builder());
        // Browsers resolve all names below localhost to loopback, as a rebound name would.
        URI rebound = URI.create("http://evil.localhost:" + server.port());
        try (Browser browser = Browser.open();
                Page page = browser.page(rebound, Viewport.desktop())) {
            assertThat(page.text("body")).contains("PERMISSION_DENIED").doesNotContain("Experiments");
            assertThat(page.evaluate(create("rebound", "same-origin")).asInt()).isEqualTo(403);
            assertThat(experiments()).containsExactly("Default");
        }
    }

    @Test
    void aPageOfAnotherSiteCanNeitherWriteNorRead() {
        start(WebServer.builder());
        tracking.experiment("secret plans");
        String target = server.uri() + "/api/2.0/mlflow/experiments/create";
        String html = "<form method=post enctype='text/plain' target=frame action='" + target
                + "'><input name='{\"name\":\"by form\",\"x\":\"' value='\"}'></form><iframe name=frame></iframe>";
        try (WebServer evil = WebServer.builder()
                        .name("evil.localhost")
                        .route(Route.of(
                                "GET",
                                "/",
                                Role.ANYONE,
                                request -> Reply.bytes("text/html", html.getBytes(StandardCharsets.UTF_8))
                                        .withHeader("Content-Security-Policy", "default-src * 'unsafe-inline'")))
                        .start();
                Browser browser = Browser.open();
                Page page = browser.page(URI.create("http://evil.localhost:" + evil.port()), Viewport.desktop())) {
            for (String mode : List.of("no-cors", "cors")) {
                assertThat(page.evaluate(create(mode, mode)).asInt()).as(mode).isLessThanOrEqualTo(0);
            }
            assertThat(page.evaluate("fetch('%s/api/2.0/mlflow/experiments/search?max_results=9')"
                                            .formatted(server.uri())
                                    + ".then(r => r.text(), e => 'refused')")
                            .asText())
                    .isEqualTo("refused");
            page.evaluate("new Promise(done => {"
                    + "document.querySelector('iframe').addEventListener('load', () => done(true));"
                    + "document.forms[0].submit();})");
            assertThat(experiments()).containsExactlyInAnyOrder("Default", "secret plans");
        }
    }

    /** Status, 0 if the answer cannot be looked at, -1 if the browser refused. */
    private String create(String name, String mode) {
        String base = mode.equals("same-origin") ? "" : server.uri().toString();
        return "fetch('%s/api/2.0/mlflow/experiments/create', {method: 'POST', mode: '%s', body: '{\"name\": \"%s\"}'})"
                        .formatted(base, mode, name)
                + ".then(r => r.status, e => -1)";
    }

    @Test
    void peopleSignInByTheirTokenAndOut() {
        start(WebServer.builder().token(Token.of("ada", Role.ADMIN, TOKEN)));
        try (Browser browser = Browser.open();
                Page page = browser.page(server.uri().resolve("/models"), Viewport.desktop())) {
            assertThat(page.text("h1")).isEqualTo("Sign in");
            page.type("#token", "wrong-0123456789abcdef");
            page.press("Enter");
            page.await("document.querySelector('[role=alert]')");
            page.type("#token", TOKEN);
            page.press("Enter");
            page.await("location.pathname === '/models' && document.querySelector('h1').innerText === 'Models'");
            assertThat(page.evaluate("document.cookie").asText()).isEmpty();
            assertThat(page.text(".who")).isEqualTo("ada");
            page.click("form[action='/sign-out'] button");
            page.await("document.querySelector('#token')");
            page.navigate(server.uri());
            assertThat(page.text("h1")).isEqualTo("Sign in");
        }
    }

    @Test
    void filtersAreNeverSql() throws Exception {
        start(WebServer.builder());
        String run = tracking.runs().create(RunStart.in("0").tag("a", "b")).id();
        tracking.runs().log(run, new RunBatch(List.of(), Map.of("p", "1"), NONE));
        for (String filter : List.of(
                "metrics.a > 1; DROP TABLE runs",
                "params.p = ''' OR 1=1 --'",
                "params.p = \"' OR '1'='1\"",
                "tags.`a' OR '1'='1` = 'b'",
                "tags.`a` = 'x' OR 1=1",
                "tags.a LIKE '%' UNION SELECT name FROM sqlite_master --",
                "run_id IN ('x') OR ('1'='1')",
                "params.`p\"; DELETE FROM params; --` = '1'",
                "attributes.status = 'x' /* */ OR 1=1")) {
            HttpResponse<String> answer = search(filter, "start_time");
            assertThat(answer.statusCode() == 400 || !answer.body().contains(run))
                    .as("%s gives %s", filter, answer.body())
                    .isTrue();
        }
        for (String order :
                List.of("start_time; DROP TABLE runs", "(SELECT 1)", "metrics.`a`; DELETE FROM runs", "1")) {
            assertThat(search("", order).statusCode()).as(order).isIn(200, 400);
        }
        assertThat(search("tags.a = 'b' and params.p = '1'", "start_time").body())
                .contains(run);
    }

    private HttpResponse<String> search(String filter, String order) throws Exception {
        String body = new com.fasterxml.jackson.databind.ObjectMapper()
                .writeValueAsString(
                        Map.of("experiment_ids", List.of("0"), "filter", filter, "order_by", List.of(order)));
        return client.send(
                HttpRequest.newBuilder(server.uri().resolve("/api/2.0/mlflow/runs/search"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void aBodyOverTheLimitIsRefusedHoweverItIsSent() throws Exception {
        start(WebServer.builder().limits(Limits.standard().withBodyBytes(1 << 20)));
        byte[] large = new byte[3 << 20];
        java.util.Arrays.fill(large, (byte) ' ');
        URI uri = server.uri().resolve("/api/2.0/mlflow/runs/log-batch");
        for (HttpRequest.BodyPublisher body : List.of(
                BodyPublishers.ofByteArray(large),
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))) {
            int status;
            try {
                status = client.send(HttpRequest.newBuilder(uri).POST(body).build(), BodyHandlers.ofString())
                        .statusCode();
            } catch (IOException e) {
                status = 413; // it answered and closed while we were still sending
            }
            assertThat(status).isEqualTo(413);
        }
        assertThat(health()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void fiveThousandIdleConnectionsDisturbNobody() throws Exception {
        start(WebServer.builder().limits(Limits.standard().withConnections(10_000)));
        health(); // the first call loads classes on both sides
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 5000; i++) {
                idle.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(health()).isLessThan(Duration.ofSeconds(2));
                assertThat(search("", "start_time").statusCode()).isEqualTo(200);
            }
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    @Test
    void slowClientsAreCutOffAndHoldUpNobody() throws Exception {
        start(WebServer.builder()
                .limits(Limits.standard().withRequestTime(Duration.ofSeconds(3)).withConcurrency(4, 100)));
        health(); // the first call loads classes on both sides
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.setSoTimeout(30_000);
                String head = i % 2 == 0
                        ? "POST /api/2.0/mlflow/runs/log-batch HT" // a head that does not end
                        : "POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            assertThat(health()).isLessThan(Duration.ofSeconds(2));
            for (Socket socket : slow) {
                assertThat(ends(socket)).isTrue();
            }
            assertThat(search("", "start_time").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** Whether the server answers with an error or closes, within the socket's time. */
    private static boolean ends(Socket socket) throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] some = in.readNBytes(12);
            return some.length == 0 || new String(some, StandardCharsets.US_ASCII).matches("HTTP/1.1 [45].*");
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    private Duration health() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(server.uri().resolve("/health"))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
