package dev.arclight.web;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use a server now: tokens that were given, and those of a file, which is looked at every second and read again
 * when it changed. Whether callers need a token at all is settled when the server starts: a file that is emptied or
 * deleted later leaves nobody in, not everybody. Safe for use by many threads.
 */
final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<Token> given;
    private final @Nullable TokenFile file;
    private final boolean needed;
    private final long lookNanos;
    private final AtomicLong looked;
    private volatile String stamp = "";
    private volatile String complaint = "";
    private volatile List<Token> now;

    private Tokens(List<Token> given, @Nullable TokenFile file, long lookNanos) throws IOException {
        this.given = List.copyOf(given);
        this.file = file;
        this.lookNanos = lookNanos;
        this.looked = new AtomicLong(System.nanoTime());
        this.stamp = file == null ? "" : file.stamp();
        this.now = file == null ? this.given : joined(this.given, file.tokens());
        this.needed = !now.isEmpty();
    }

    /**
     * Reads the file for the first time.
     *
     * @throws ArclightException if it cannot be read
     */
    static Tokens of(List<Token> given, @Nullable TokenFile file) {
        return of(given, file, LOOK_NANOS);
    }

    /** The same that looks at the file as often as every {@code lookNanos}. */
    static Tokens of(List<Token> given, @Nullable TokenFile file, long lookNanos) {
        try {
            return new Tokens(given, file, lookNanos);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot read the file of tokens %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Whether callers need one. */
    boolean areNeeded() {
        return needed;
    }

    /** The token that an {@code Authorization} header shows. */
    Optional<Token> find(String authorization) {
        return Token.find(current(), authorization);
    }

    /** Whether a token that was known once still is, with the same rights. */
    boolean isKnown(Token token) {
        return current().stream().anyMatch(token::isSame);
    }

    private List<Token> current() {
        TokenFile followed = file;
        long last = looked.get();
        long time = System.nanoTime();
        if (followed != null && time - last > lookNanos && looked.compareAndSet(last, time)) {
            look(followed);
        }
        return now;
    }

    private void look(TokenFile followed) {
        try {
            String found = followed.stamp();
            if (!found.equals(stamp)) {
                now = joined(given, followed.tokens());
                stamp = found; // not before: a file that could not be read is read again at the next look
                complaint = "";
            }
        } catch (IOException | ArclightException e) {
            String said = String.valueOf(e.getMessage());
            if (!said.equals(complaint)) { // once, not at every look
                complaint = said;
                LOG.error("The changed file of tokens is not used, those of before stay valid: {}", said);
            }
        }
    }

    private static List<Token> joined(List<Token> a, List<Token> b) {
        List<Token> all = new ArrayList<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
