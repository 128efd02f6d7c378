package dev.arclight.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A secret that a caller shows as {@code Authorization: Bearer ...}. Only its digest is kept, so no log or heap dump
 * shows it. Immutable.
 */
public final class Token {
    private static final int MIN_LENGTH = 16;
    private static final String SCHEME = "Bearer ";

    private final String owner;
    private final Role role;
    private final byte[] digest;

    private Token(String owner, Role role, byte[] digest) {
        this.owner = owner;
        this.role = role;
        this.digest = digest;
    }

    /**
     * A token.
     *
     * @param owner who has it: what is logged and recorded instead of it
     * @param role what it allows
     * @param secret at least 16 characters
     * @throws IllegalArgumentException if it is shorter
     */
    public static Token of(String owner, Role role, String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("The token of '%s' has %d characters; at least %d are needed"
                    .formatted(owner, secret.length(), MIN_LENGTH));
        }
        return new Token(Objects.requireNonNull(owner), Objects.requireNonNull(role), digest(secret));
    }

    /** A token of which only the SHA-256 digest is known, as 64 hexadecimal digits. */
    static Token ofDigest(String owner, Role role, String digest) {
        if (digest.length() != 64) {
            throw new IllegalArgumentException("Not a SHA-256 digest: " + digest);
        }
        return new Token(owner, role, HexFormat.of().parseHex(digest));
    }

    String digestText() {
        return HexFormat.of().formatHex(digest);
    }

    /** Who has it. */
    public String owner() {
        return owner;
    }

    /** What it allows. */
    public Role role() {
        return role;
    }

    /** Whether {@code other} is the same secret with the same rights. */
    boolean isSame(Token other) {
        return role == other.role && owner.equals(other.owner) && MessageDigest.isEqual(digest, other.digest);
    }

    /** The one of {@code tokens} that the header shows. Takes as long whichever it is, and if there is none. */
    static Optional<Token> find(List<Token> tokens, String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        byte[] shown = digest(authorization.substring(SCHEME.length()).strip());
        Token found = null;
        for (Token token : tokens) {
            if (MessageDigest.isEqual(token.digest, shown)) {
                found = token;
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Token[%s, %s]".formatted(owner, role);
    }
}
