package dev.arclight.engine.job;

import dev.arclight.base.ArclightException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * Names a submitted application: {@code job-YYYYMMDD-HHMMSS-xxxx}, the time in UTC. Sorts by time, and is fit for names
 * of files, actors, pods and queues (lower case, digits and hyphens, 24 characters).
 */
public record JobId(String text) implements Comparable<JobId> {
    private static final Pattern FORM = Pattern.compile("job-\\d{8}-\\d{6}-[0-9a-z]{4}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SUFFIXES = 36 * 36 * 36 * 36;

    /** @throws ArclightException BAD_INPUT if {@code text} has another form */
    public JobId {
        if (!FORM.matcher(text).matches()) {
            throw ArclightException.badInput(
                    "'%s' is no job id: expected job-YYYYMMDD-HHMMSS-xxxx, as `arclight job list` shows it"
                            .formatted(text));
        }
    }

    /** A new one. */
    static JobId next(Instant now) {
        String suffix =
                Integer.toString(SUFFIXES + RANDOM.nextInt(SUFFIXES), 36).substring(1);
        return new JobId("job-%s-%s".formatted(TIME.format(now), suffix));
    }

    @Override
    public int compareTo(JobId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
