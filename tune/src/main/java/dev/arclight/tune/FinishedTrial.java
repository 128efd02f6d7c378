package dev.arclight.tune;

import java.io.Serializable;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One trial that ended.
 *
 * @param number 0 for the first of its study
 * @param parameters what was tried, in the order of the space; conditional parameters only where they were there.
 *     {@link Double}, {@link Long}, or the option chosen
 * @param outcome how it ended
 * @param reports what the objective reported on its way, by step
 * @param notes further figures the objective noted, by name
 * @param started when its objective was called
 * @param seconds how long its objective ran
 */
public record FinishedTrial(
        int number,
        Map<String, Object> parameters,
        Outcome outcome,
        List<Report> reports,
        Map<String, Double> notes,
        Instant started,
        double seconds)
        implements Serializable {
    public FinishedTrial {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        reports = List.copyOf(reports);
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /**
     * A value on the way.
     *
     * @param step at least 0
     * @param value what was reached
     * @param seconds when, after the start of the trial
     */
    public record Report(int step, double value, double seconds) implements Serializable {}

    /** The value the objective returned, if it did. */
    public OptionalDouble value() {
        return outcome instanceof Outcome.Completed c ? OptionalDouble.of(c.value()) : OptionalDouble.empty();
    }
}
