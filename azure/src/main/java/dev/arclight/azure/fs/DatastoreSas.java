package dev.arclight.azure.fs;

import dev.arclight.azure.arm.Secret;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.azurebfs.extensions.SASTokenProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands ABFS the shared access signature of a datastore, and a new one before the old one expires: ABFS asks at each
 * request, and for an open stream some minutes before the end. Made by ABFS, by name, from {@link StoreSettings}. Safe
 * for use by many threads.
 */
public final class DatastoreSas implements SASTokenProvider {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(DatastoreSas.class);

    /**
     * A signature.
     *
     * @param renew when to ask for the next one
     * @param expires when it is of no use any more
     */
    private record Held(String token, Instant renew, Instant expires) {}

    private final Clock clock;
    private @Nullable DatastoreSecret source;
    private @Nullable Held held;

    /** Made by ABFS. */
    public DatastoreSas() {
        this(Clock.systemUTC());
    }

    DatastoreSas(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void initialize(Configuration configuration, String account) throws IOException {
        source = DatastoreSecret.of(configuration);
    }

    @Override
    public synchronized String getSASToken(String account, String container, String path, String operation)
            throws IOException {
        if (held == null || clock.instant().isAfter(held.renew())) {
            held = renewed(held);
        }
        return held.token();
    }

    /** One that is still good is used as long as it lasts where Azure has no next one for us now. */
    private Held renewed(@Nullable Held before) throws IOException {
        try {
            return fetch();
        } catch (IOException e) {
            Instant again = clock.instant().plus(LATER);
            if (before == null || !again.isBefore(before.expires())) {
                throw e;
            }
            LOG.warn(
                    "Cannot renew the SAS of {}, which is good until {}: {}", source, before.expires(), e.getMessage());
            return new Held(before.token(), again, before.expires());
        }
    }

    private Held fetch() throws IOException {
        if (source == null) {
            throw new IllegalStateException("not initialised");
        }
        try {
            Secret secret = source.fetch();
            if (!(secret instanceof Secret.Sas sas)) {
                throw new IOException("The credential of %s is no SAS any more: start again".formatted(source));
            }
            Instant now = clock.instant();
            Instant expires = expiry(sas.token(), now);
            if (expires.isBefore(now)) {
                throw new IOException("The SAS of %s expired at %s: its owner must put a new one into the datastore"
                        .formatted(source, expires));
            }
            // A short one is renewed too, each at the half of what it has left, but not at each request.
            Duration left = Duration.between(now, expires);
            Instant renew = left.compareTo(AHEAD.multipliedBy(2)) > 0
                    ? expires.minus(AHEAD)
                    : now.plus(max(AGAIN, left.dividedBy(2)));
            return new Held(sas.token(), renew, expires);
        } catch (ArclightException e) {
            throw Failures.toIo(e);
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** The field {@code se}; a signature without one hangs on a policy, which we cannot see. */
    static Instant expiry(String token, Instant now) {
        for (String field : token.split("&", -1)) {
            if (field.startsWith("se=")) {
                String text = java.net.URLDecoder.decode(field.substring(3), java.nio.charset.StandardCharsets.UTF_8);
                try {
                    return text.contains("T")
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
                } catch (DateTimeParseException e) {
                    break;
                }
            }
        }
        return now.plus(Duration.ofHours(1));
    }
}
