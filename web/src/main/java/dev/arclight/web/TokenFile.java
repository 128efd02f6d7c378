package dev.arclight.web;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who may use a server, in a file of the server's user: one line a token, with its digest and never the token itself,
 * so that it cannot be read from there. A server that runs notices changes within a second or two.
 *
 * <p>Not for several programs that write at once: the last one wins.
 */
public final class TokenFile {
    private static final int SECRET_BYTES = 32;
    private static final Pattern OWNER = Pattern.compile("[\\w.@\\-]{1,100}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String HEAD = "# role owner sha-256 since; made by arclight\n";

    private final Path file;

    /** The tokens in {@code file}, which need not exist. */
    public TokenFile(Path file) {
        this.file = file;
    }

    /**
     * All tokens.
     *
     * @throws ArclightException BAD_INPUT naming the line that is none
     */
    public List<Token> tokens() throws IOException {
        List<Token> tokens = new ArrayList<>();
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split(" ", -1);
            if (lines.get(i).isBlank() || lines.get(i).startsWith("#")) {
                continue;
            }
            try {
                tokens.add(Token.ofDigest(parts[1], Role.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[2]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw ArclightException.badInput(
                        "Line %d of %s is no token: expected role, owner, digest and time".formatted(i + 1, file));
            }
        }
        return tokens;
    }

    /**
     * Makes a token.
     *
     * @param owner letters, digits and {@code . @ - _}; has none yet
     * @return the token, to be handed to its owner: it is nowhere else
     */
    public String add(String owner, Role role) throws IOException {
        if (!OWNER.matcher(owner).matches()) {
            throw ArclightException.badInput(
                    "'%s' cannot own a token: expected up to 100 letters, digits, '.', '@', '-' or '_'"
                            .formatted(owner));
        }
        if (tokens().stream().anyMatch(token -> token.owner().equals(owner))) {
            throw ArclightException.badInput(
                    "'%s' has a token already: revoke it first, or choose another name".formatted(owner));
        }
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = "arclight_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String line = "%s %s %s %s\n"
                .formatted(
                        role.name().toLowerCase(Locale.ROOT),
                        owner,
                        Token.of(owner, role, secret).digestText(),
                        Instant.now().toString());
        write((Files.exists(file) ? Files.readString(file) : HEAD) + line);
        return secret;
    }

    /** Takes the token of {@code owner} away; a server that runs forgets it within a second or two. */
    public void revoke(String owner) throws IOException {
        List<String> lines = lines();
        List<String> rest = lines.stream()
                .filter(line -> line.startsWith("#") || !line.contains(" " + owner + " "))
                .toList();
        if (rest.size() == lines.size()) {
            throw ArclightException.notFound("'%s' has no token in %s".formatted(owner, file));
        }
        write(String.join("\n", rest) + "\n");
    }

    /** Changes whenever the file does; empty if there is none. */
    String stamp() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s %d %s".formatted(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void write(String content) throws IOException {
        AtomicFiles.write(file, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without rights: the digests in it give nobody a token.
            org.slf4j.LoggerFactory.getLogger(TokenFile.class).debug("No rights on {}", file, e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
