package dev.arclight.base.rest;

import static dev.arclight.base.ArclightException.badInput;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a client shows to a server. Safe for use by many threads. */
@FunctionalInterface
public interface Credentials {
    /** The value of the {@code Authorization} header, if there is one; may ask another server for it. */
    Optional<String> authorization();

    /**
     * Told that a server answered 401 to {@code authorization}.
     *
     * @return whether {@link #authorization} now gives another value, with which the request is worth sending once more
     */
    default boolean refused(String authorization) {
        return false;
    }

    /** Nothing is shown. */
    static Credentials none() {
        return Optional::empty;
    }

    /** A token that stays the same. */
    static Credentials bearer(String token) {
        return () -> Optional.of("Bearer " + checked("token", token));
    }

    /** A user and a password. */
    static Credentials basic(String user, String password) {
        String pair = checked("user name", user) + ":" + checked("password", password);
        String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return () -> Optional.of("Basic " + encoded);
    }

    private static String checked(String what, String secret) {
        if (secret.isBlank() || secret.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw badInput("The %s to show to the server is empty or holds control characters".formatted(what));
        }
        return secret;
    }
}
