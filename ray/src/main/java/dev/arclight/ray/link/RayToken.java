package dev.arclight.ray.link;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Ray's token authentication, as its documentation describes it: {@code RAY_AUTH_MODE=token} turns it on, and the token
 * is {@code RAY_AUTH_TOKEN}, else the file of {@code RAY_AUTH_TOKEN_PATH}, else {@code ~/.ray/auth_token}. Ray's Python
 * turns the mode on by itself where a token is found; its Java does not, so this does the same. It never turns it off.
 */
final class RayToken {
    /** What the process must do before it connects. */
    enum Mode {
        /** The mode is set, or there is no token: leave everything as it is. */
        AS_SET,
        /** A token is there and nobody said whether to use it: turn the mode on. */
        TURN_ON
    }

    private RayToken() {}

    /**
     * Decides before Ray's native library does: that one ends the process if the mode is on and there is no token.
     *
     * @param userHome where {@code .ray/auth_token} is looked for
     * @throws ArclightException FORBIDDEN if the mode is on and there is no token
     */
    static Mode decide(Map<String, String> environment, Path userHome) {
        String mode = environment.get("RAY_AUTH_MODE");
        boolean token = hasToken(environment, userHome);
        if (mode == null) {
            return token ? Mode.TURN_ON : Mode.AS_SET;
        }
        if (mode.equalsIgnoreCase("token") && !token) {
            throw new ArclightException(
                    ErrorCode.FORBIDDEN,
                    "RAY_AUTH_MODE is token, but there is no token: set RAY_AUTH_TOKEN, or RAY_AUTH_TOKEN_PATH to a file"
                            + " that holds it, or make one with `ray get-auth-token --generate`");
        }
        return Mode.AS_SET;
    }

    private static boolean hasToken(Map<String, String> environment, Path userHome) {
        if (!environment.getOrDefault("RAY_AUTH_TOKEN", "").isEmpty()) {
            return true;
        }
        String path = environment.getOrDefault("RAY_AUTH_TOKEN_PATH", "");
        Path file = path.isEmpty() ? userHome.resolve(".ray/auth_token") : Path.of(path);
        return Files.isRegularFile(file) && Files.isReadable(file);
    }
}
