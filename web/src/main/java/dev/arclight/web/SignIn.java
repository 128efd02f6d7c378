package dev.arclight.web;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Lets people use pages of a server that needs tokens: a form takes the token once and answers with a cookie that no
 * script can read, whose value is a random id and not the token.
 */
final class SignIn {
    private static final String COOKIE = "arclight-session";
    private static final long FORM_BYTES = 16 << 10;

    private final Tokens tokens;
    private final boolean secure;
    private final Sessions sessions = new Sessions();

    /** @param secure whether the server speaks TLS, so that the cookie is never sent without */
    SignIn(Tokens tokens, boolean secure) {
        this.tokens = tokens;
        this.secure = secure;
    }

    List<Route> routes() {
        return List.of(
                Route.of(
                        "GET",
                        "/sign-in",
                        Role.ANYONE,
                        request -> page(target(request.query("to").orElse("/")), "")),
                Route.of("POST", "/sign-in", Role.ANYONE, this::enter).withBodyBytes(FORM_BYTES),
                Route.of("POST", "/sign-out", Role.ANYONE, this::leave).withBodyBytes(FORM_BYTES));
    }

    /** Who the request's cookie belongs to. */
    Optional<Gate.Caller> caller(HttpServerExchange exchange) {
        Cookie cookie = exchange.getRequestCookie(COOKIE);
        return cookie == null
                ? Optional.empty()
                // One that was revoked ends what it began.
                : sessions.find(cookie.getValue()).filter(tokens::isKnown).map(Gate.Caller::of);
    }

    /** Whether a person asked, who can fill in a form. */
    static boolean isPerson(HttpServerExchange exchange) {
        String accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    /** What a person sees in place of a page that needs a token. */
    Reply asked(HttpServerExchange exchange) {
        String query = exchange.getQueryString();
        return page(exchange.getRequestPath() + (query.isEmpty() ? "" : "?" + query), "")
                .withStatus(401);
    }

    private Reply enter(Request request) throws IOException {
        String to = target(request.form("to").orElse("/"));
        Optional<Token> token = tokens.find("Bearer " + request.form("token").orElse(""));
        if (token.isEmpty()) {
            return page(to, "This server does not know that token.").withStatus(401);
        }
        String id = sessions.begin(token.get());
        return Reply.empty(303)
                .withHeader("Location", to)
                .withHeader("Set-Cookie", cookie(id, Sessions.LIFE.toSeconds()));
    }

    private Reply leave(Request request) {
        request.cookie(COOKIE).ifPresent(sessions::end);
        return Reply.empty(303).withHeader("Location", "/sign-in").withHeader("Set-Cookie", cookie("", 0));
    }

    private String cookie(String value, long seconds) {
        return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
                .formatted(COOKIE, value, seconds, secure ? "; Secure" : "");
    }

    /** Only places on this server: a target elsewhere would lend this form to other sites. */
    private static String target(String to) {
        boolean here = to.startsWith("/")
                && !to.startsWith("//")
                && to.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
        return here ? to : "/";
    }

    private static Reply page(String to, String problem) {
        String alert = problem.isEmpty() ? "" : "<p role=\"alert\">" + escaped(problem) + "</p>";
        String html = """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Sign in · Arclight</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
                <style>
                  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 15vh auto; padding: 0 1rem }
                  label, input, button { display: block; width: 100%%; box-sizing: border-box; font: inherit }
                  input, button { padding: .5rem .75rem; margin-top: .5rem } [role=alert] { font-weight: 600 }
                </style></head>
                <body><main><h1>Sign in</h1>%s
                <form method="post" action="/sign-in"><label for="token">Token</label>
                <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
                <input type="hidden" name="to" value="%s"><button>Sign in</button></form></main></body></html>
                """.formatted(alert, escaped(to));
        return Reply.bytes("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
                // With no-referrer a browser sends "Origin: null" along with forms, which would be refused.
                .withHeader("Referrer-Policy", "same-origin");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
