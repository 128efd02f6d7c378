package dev.arclight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who passes: hosts, origins, tokens. */
@Timeout(60)
final class GateTest extends EchoServerFixture {
    @Test
    void aForeignHostIsRefused() throws Exception {
        WebServer server = start(echo().name("models.example"));
        for (String host : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "")) {
            assertThat(RawHttp.get(server.uri(), "/health", "Host: " + host))
                    .as(host)
                    .startsWith("HTTP/1.1 403");
        }
        assertThat(RawHttp.send(server.uri(), "GET /health HTTP/1.0\n\n")).startsWith("HTTP/1.0 403");
        for (String host : List.of("localhost:1", "127.0.0.1:1", "[::1]:1", "LocalHost", "models.example")) {
            assertThat(RawHttp.get(server.uri(), "/health", "Host: " + host))
                    .as(host)
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws Exception {
        WebServer server = start(echo());
        String own = server.uri().toString();
        BodyPublisher body = BodyPublishers.ofString("x");
        assertThat(send(server, "POST", "/echo", body, "Origin", own).statusCode())
                .isEqualTo(200);
        for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1", "http://localhost")) {
            assertThat(send(server, "POST", "/echo", body, "Origin", origin).statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(send(server, "POST", "/echo", body, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(server, "/health", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(server, "/health", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tokensAllowWhatTheirRoleCovers() throws Exception {
        WebServer server =
                start(echo().token(Token.of("ann", Role.READ, SECRET)).token(Token.of("bob", Role.ADMIN, ADMIN)));
        assertThat(get(server, "/health").statusCode()).isEqualTo(200);
        HttpResponse<String> without = get(server, "/models/a/versions/1");
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(get(server, "/models/a/versions/1", "Authorization", "Bearer wrong-wrong-wrong")
                        .statusCode())
                .isEqualTo(401);
        assertThat(get(server, "/models/a/versions/1", "Authorization", "Bearer " + SECRET)
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> tooLittle =
                send(server, "DELETE", "/everything", BodyPublishers.noBody(), "Authorization", "Bearer " + SECRET);
        assertThat(tooLittle.statusCode()).isEqualTo(403);
        assertThat(tooLittle.body()).contains("ann").doesNotContain(SECRET);
        assertThat(send(server, "DELETE", "/everything", BodyPublishers.noBody(), "authorization", "bearer " + ADMIN)
                        .body())
                .isEqualTo("gone, bob");
    }

    @Test
    void withoutATokenOthersCannotReachIt() {
        assertThatThrownBy(() -> echo().host("0.0.0.0").start())
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("without a token");
        WebServer server = start(echo().host("0.0.0.0").token(Token.of("ann", Role.READ, SECRET)));
        assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
    }
}
