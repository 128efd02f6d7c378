package dev.arclight.web;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may pass. A browser that was led here by another site (DNS rebinding, a form or script of that site) shows it in
 * Host, Origin or Sec-Fetch-Site and is refused; a caller without a token that allows the route is refused too.
 */
final class Gate {
    /** Who passed and what the caller may do. */
    record Caller(String name, Role role) {
        static Caller of(Token token) {
            return new Caller(token.owner(), token.role());
        }
    }

    private static final HttpString SEC_FETCH_SITE = new HttpString("Sec-Fetch-Site");
    private static final HttpString SEC_FETCH_MODE = new HttpString("Sec-Fetch-Mode");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Caller LOCAL = new Caller("local", Role.ADMIN);
    private static final Caller NOBODY = new Caller("anyone", Role.ANYONE);

    private final boolean loopback;
    private final Set<String> names;
    private final Tokens tokens;
    private final @Nullable SignIn signIn;

    /**
     * @param bound the address listened on
     * @param host its name as configured
     * @param names further names under which the server is reached
     * @param signIn for people, if they can
     */
    Gate(InetAddress bound, String host, Set<String> names, Tokens tokens, @Nullable SignIn signIn) {
        this.loopback = bound.isLoopbackAddress();
        this.names = new HashSet<>();
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
        this.names.add(host.toLowerCase(Locale.ROOT));
        this.tokens = tokens;
        this.signIn = signIn;
    }

    /** Lets the request pass or throws what to answer. */
    Caller admit(HttpServerExchange exchange, Role needed) {
        HeaderMap headers = exchange.getRequestHeaders();
        String host = headers.getFirst(Headers.HOST);
        if (host == null || headers.count(Headers.HOST) != 1 || !isOurs(nameOf(host))) {
            throw new HttpError(
                    403,
                    "PERMISSION_DENIED",
                    "This server does not answer for the host '%s'; name it when the server is started, or use its address"
                            .formatted(host == null ? "" : host));
        }
        checkOrigin(exchange, headers, host);
        if (!tokens.areNeeded()) {
            return LOCAL;
        }
        Caller caller = caller(exchange, headers);
        if (caller == null) {
            if (needed == Role.ANYONE) {
                return NOBODY;
            }
            throw unauthenticated(
                    headers.contains(Headers.AUTHORIZATION)
                            ? "This server does not know that token"
                            : "This server needs a token: send 'Authorization: Bearer TOKEN'");
        }
        if (!caller.role().covers(needed)) {
            throw new HttpError(
                    403,
                    "PERMISSION_DENIED",
                    "The token of '%s' allows %s; this needs %s"
                            .formatted(caller.name(), lower(caller.role()), lower(needed)));
        }
        return caller;
    }

    private @Nullable Caller caller(HttpServerExchange exchange, HeaderMap headers) {
        String shown = headers.getFirst(Headers.AUTHORIZATION);
        if (shown != null) {
            return tokens.find(shown).map(Caller::of).orElse(null);
        }
        return signIn == null ? null : signIn.caller(exchange).orElse(null);
    }

    private static void checkOrigin(HttpServerExchange exchange, HeaderMap headers, String host) {
        String origin = headers.getFirst(Headers.ORIGIN);
        if (origin != null) {
            String expected = exchange.getRequestScheme() + "://" + host;
            if (!origin.equalsIgnoreCase(expected)) {
                throw new HttpError(403, "PERMISSION_DENIED", "Requests from pages of other sites are refused");
            }
            return;
        }
        @Nullable String site = headers.getFirst(SEC_FETCH_SITE);
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            boolean link = exchange.getRequestMethod().equals(Methods.GET)
                    && "navigate".equals(headers.getFirst(SEC_FETCH_MODE));
            if (!link) {
                throw new HttpError(403, "PERMISSION_DENIED", "Requests from pages of other sites are refused");
            }
        }
    }

    private boolean isOurs(String name) {
        // A browser cannot be rebound to an address, only to a name.
        return LOOPBACK.matcher(name).matches()
                || names.contains(name)
                || (!loopback && ADDRESS.matcher(name).matches());
    }

    private static String nameOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
    }

    private static String lower(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static HttpError unauthenticated(String message) {
        return new HttpError(401, "UNAUTHENTICATED", message).withHeader("WWW-Authenticate", "Bearer");
    }
}
