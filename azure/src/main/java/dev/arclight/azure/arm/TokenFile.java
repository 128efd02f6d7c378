package dev.arclight.azure.arm;

import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A token that something else renews in a file: what {@code az account get-access-token} prints (fields
 * {@code accessToken} and {@code expires_on}). Read anew for each call, so that a renewed one is found.
 */
final class TokenFile implements AccessTokens {
    private static final String STORAGE = "https://storage.azure.com";
    private static final String WRITTEN_BY = "az account get-access-token";
    private static final Duration BEING_WRITTEN = Duration.ofSeconds(10);

    private final Path file;
    private final Clock clock;

    TokenFile(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public AccessToken token(String scope) {
        if (scope.startsWith(STORAGE)) {
            throw ArclightException.badInput(
                    "The token file %s holds a token for Azure's management, not for storage: a datastore without a credential of its own needs another fs.azureml.auth"
                            .formatted(file));
        }
        JsonNode json;
        try {
            json = read();
        } catch (NoSuchFileException e) {
            throw ArclightException.notFound("There is no token file " + file);
        } catch (IOException e) {
            // The cause would quote the file, and with it the token.
            throw ArclightException.badInput(
                    "The token file %s is no JSON: write it by '%s'".formatted(file, WRITTEN_BY));
        }
        String secret = json.path("accessToken").asText();
        if (secret.isEmpty() || !json.path("expires_on").canConvertToLong()) {
            throw ArclightException.badInput(
                    "The token file %s lacks accessToken or expires_on (seconds since 1970): write it by '%s'"
                            .formatted(file, WRITTEN_BY));
        }
        Instant expires = Instant.ofEpochSecond(json.path("expires_on").asLong());
        if (expires.isBefore(clock.instant())) {
            throw new ArclightException(
                    ErrorCode.FORBIDDEN,
                    "The token in %s expired at %s: write a new one by '%s'".formatted(file, expires, WRITTEN_BY));
        }
        return new AccessToken(secret, expires);
    }

    /** A shell empties the file before {@code az} writes to it: what is not whole is waited for while it is new. */
    private JsonNode read() throws IOException {
        long deadline = System.nanoTime() + BEING_WRITTEN.toNanos();
        while (true) {
            String text = Files.readString(file);
            try {
                JsonNode json = new ObjectMapper().readTree(text);
                if (!json.isMissingNode() || !isNew(deadline)) {
                    return json;
                }
            } catch (JsonEOFException e) {
                if (!isNew(deadline)) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            if (Thread.currentThread().isInterrupted()) {
                throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while " + file + " is being written");
            }
        }
    }

    private boolean isNew(long deadline) throws IOException {
        return System.nanoTime() < deadline
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isAfter(Instant.now().minus(BEING_WRITTEN));
    }
}
