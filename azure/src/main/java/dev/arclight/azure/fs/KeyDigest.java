package dev.arclight.azure.fs;

import dev.arclight.azure.arm.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Tells whether a secret has changed, without keeping it. */
final class KeyDigest {
    private KeyDigest() {}

    static String of(Optional<Secret> secret) {
        String text;
        if (secret.isPresent() && secret.get() instanceof Secret.AccountKey key) {
            text = key.key();
        } else if (secret.isPresent() && secret.get() instanceof Secret.ClientSecret client) {
            text = client.secret();
        } else {
            return "renews itself"; // an identity, or a signature
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
