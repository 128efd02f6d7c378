package dev.arclight.track;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to change of a run; empty parts stay.
 *
 * @param endMillis since the epoch
 */
public record RunUpdate(Optional<RunStatus> status, OptionalLong endMillis, Optional<String> name) {
    /** Sets the status; an end takes now as the end time, RUNNING clears it. */
    public static RunUpdate status(RunStatus status) {
        return new RunUpdate(
                Optional.of(status),
                status.isTerminal() ? OptionalLong.of(System.currentTimeMillis()) : OptionalLong.empty(),
                Optional.empty());
    }

    public static RunUpdate name(String name) {
        return new RunUpdate(Optional.empty(), OptionalLong.empty(), Optional.of(name));
    }
}
