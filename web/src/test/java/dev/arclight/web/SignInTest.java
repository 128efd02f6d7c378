package dev.arclight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SignInTest {
    private static final String SECRET = "reader-0123456789abcdef";

    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private WebServer server;

    @BeforeEach
    void start() {
        server = WebServer.builder()
                .token(Token.of("ada", Role.READ, SECRET))
                .signIn()
                .route(Route.of("GET", "/page", Role.READ, request -> Reply.text("for " + request.caller())))
                .route(Route.of("POST", "/change", Role.WRITE, request -> Reply.text("changed")))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.uri() + path)).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> signIn(String token, String to) throws Exception {
        return send(
                "POST",
                "/sign-in",
                "token=" + token + "&to=" + to,
                "Content-Type",
                "application/x-www-form-urlencoded");
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow();
    }

    @Test
    void aPersonIsAskedAndAProgramIsTold() throws Exception {
        HttpResponse<String> person = send("GET", "/page?a=1", "", "Accept", "text/html");
        assertThat(person.statusCode()).isEqualTo(401);
        assertThat(person.body()).contains("type=\"password\"").contains("value=\"/page?a=1\"");
        HttpResponse<String> program = send("GET", "/page", "", "Accept", "application/json");
        assertThat(program.statusCode()).isEqualTo(401);
        assertThat(program.body()).contains("UNAUTHENTICATED");
    }

    @Test
    void theCookieOpensWhatTheTokenOpensUntilSigningOut() throws Exception {
        HttpResponse<String> answer = signIn(SECRET, "/page");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/page");
        assertThat(cookie(answer)).contains("HttpOnly", "SameSite=Lax").doesNotContain(SECRET);
        String cookie = cookie(answer).split(";", 2)[0];
        assertThat(send("GET", "/page", "", "Cookie", cookie).body()).isEqualTo("for ada");
        assertThat(send("POST", "/change", "", "Cookie", cookie).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/page", "", "Cookie", cookie + "x").statusCode())
                .isEqualTo(401);
        send("POST", "/sign-out", "", "Cookie", cookie);
        assertThat(send("GET", "/page", "", "Cookie", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void aWrongTokenOpensNothing() throws Exception {
        HttpResponse<String> answer = signIn("wrong-0123456789abcdef", "/page");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(answer.body()).contains("does not know");
    }

    @Test
    void nobodyIsSentElsewhere() throws Exception {
        for (String to :
                new String[] {"//evil.example/", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%0D%0Ax"}) {
            assertThat(signIn(SECRET, to).headers().firstValue("Location"))
                    .as(to)
                    .contains("/");
        }
        assertThat(send("GET", "/sign-in?to=%2F%22%3E%3Cscript%3E", "").body()).doesNotContain("<script>");
    }

    @Test
    void formsOfOtherSitesAreRefused() throws Exception {
        assertThat(send(
                                "POST",
                                "/sign-in",
                                "token=" + SECRET,
                                "Content-Type",
                                "application/x-www-form-urlencoded",
                                "Origin",
                                "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
    }

    /** Would catch a server that reads its tokens once, and one that lets everybody in when the last one is gone. */
    @Test
    void aRevokedTokenAndWhatItSignedInEndWhileTheServerRuns(@TempDir Path folder) throws Exception {
        server.close();
        TokenFile file = new TokenFile(folder.resolve("tokens"));
        String ada = file.add("ada", Role.READ);
        server = WebServer.builder()
                .tokens(file)
                .signIn()
                .route(Route.of("GET", "/page", Role.READ, request -> Reply.text("for " + request.caller())))
                .start();
        String session = cookie(signIn(ada, "/page")).replaceFirst(";.*", "");
        assertThat(send("GET", "/page", "", "Cookie", session).body()).isEqualTo("for ada");
        String bob = file.add("bob", Role.READ);
        Await.until("bob's token is known", SOON, () -> answers(200, "Authorization", "Bearer " + bob));
        file.revoke("ada");
        Await.until("ada's token is forgotten", SOON, () -> answers(401, "Authorization", "Bearer " + ada));
        assertThat(answers(401, "Cookie", session)).isTrue();
        assertThat(answers(200, "Authorization", "Bearer " + bob)).isTrue();
        Files.delete(folder.resolve("tokens"));
        Await.until("nobody is let in", SOON, () -> answers(401, "Authorization", "Bearer " + bob));
        assertThat(answers(401, "Accept", "*/*")).isTrue();
    }

    private boolean answers(int status, String header, String value) {
        try {
            return send("GET", "/page", "", header, value).statusCode() == status;
        } catch (Exception e) {
            throw new AssertionError("The server does not answer", e);
        }
    }
}
