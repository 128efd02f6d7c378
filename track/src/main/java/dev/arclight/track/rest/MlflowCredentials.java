package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.rest.Credentials;
import java.util.Map;

/**
 * Credentials as MLflow's own clients find them: {@code MLFLOW_TRACKING_TOKEN}, else {@code MLFLOW_TRACKING_USERNAME}
 * with {@code MLFLOW_TRACKING_PASSWORD}; {@code ARCLIGHT_TRACKING_TOKEN} before all.
 */
final class MlflowCredentials {
    private MlflowCredentials() {}

    static Credentials of(Map<String, String> environment) {
        for (String name : new String[] {"ARCLIGHT_TRACKING_TOKEN", "MLFLOW_TRACKING_TOKEN"}) {
            String token = environment.getOrDefault(name, "");
            if (!token.isBlank()) {
                return Credentials.bearer(token.strip());
            }
        }
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
        if (user.isEmpty() != password.isEmpty()) {
            throw badInput(
                    "Only one of MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD is set; set both or none");
        }
        return user.isEmpty() ? Credentials.none() : Credentials.basic(user, password);
    }
}
