package dev.arclight.track;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Runs that have the same value of something, and a metric over them.
 *
 * @param value what they share; empty: they lack it
 * @param runs how many
 * @param mean of the metric's latest values, as min and max; NaN left out, empty if none has it
 */
public record RunGroup(
        Optional<String> value, long runs, OptionalDouble mean, OptionalDouble min, OptionalDouble max) {}
