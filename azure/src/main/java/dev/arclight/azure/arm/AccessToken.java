package dev.arclight.azure.arm;

import java.time.Instant;

/**
 * A bearer token.
 *
 * @param secret what goes into the header; never shown
 * @param expires from when on Azure refuses it
 */
public record AccessToken(String secret, Instant expires) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "AccessToken[expires=" + expires + "]";
    }
}
