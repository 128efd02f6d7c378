package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What a client shows to a server. Safe for use by many threads. */
@FunctionalInterface
interface Credentials {
    /** The value of the {@code Authorization} header, if there is one; may ask another server for it. */
    Optional<String> authorization();

    static Credentials none() {
        return Optional::empty;
    }

    static Credentials bearer(String token) {
        return () -> Optional.of("Bearer " + checked("token", token));
    }

    static Credentials basic(String user, String password) {
        String pair = checked("user name", user) + ":" + checked("password", password);
        String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return () -> Optional.of("Basic " + encoded);
    }

    /**
     * As MLflow's own clients find them: {@code MLFLOW_TRACKING_TOKEN}, else {@code MLFLOW_TRACKING_USERNAME} with
     * {@code MLFLOW_TRACKING_PASSWORD}; {@code ARCLIGHT_TRACKING_TOKEN} before all.
     */
    static Credentials of(Map<String, String> environment) {
        for (String name : new String[] {"ARCLIGHT_TRACKING_TOKEN", "MLFLOW_TRACKING_TOKEN"}) {
            String token = environment.getOrDefault(name, "");
            if (!token.isBlank()) {
                return bearer(token.strip());
            }
        }
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
        if (user.isEmpty() != password.isEmpty()) {
            throw badInput(
                    "Only one of MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD is set; set both or none");
        }
        return user.isEmpty() ? none() : basic(user, password);
    }

    private static String checked(String what, String secret) {
        if (secret.isBlank() || secret.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw badInput("The %s for the tracking server is empty or holds control characters".formatted(what));
        }
        return secret;
    }
}
