package dev.arclight.track;

import java.util.Map;
import java.util.OptionalInt;

/**
 * One entry of an alias' history, which is only ever added to.
 *
 * @param from the version it named before; empty: none
 * @param to the version it names since; empty: it was removed
 * @param atMillis since the epoch
 */
public record AliasChange(
        String name,
        String alias,
        Kind kind,
        OptionalInt from,
        OptionalInt to,
        long atMillis,
        String who,
        String why,
        Map<String, String> evidence) {
    /** What was done. */
    public enum Kind {
        PROMOTE,
        ROLLBACK,
        REMOVE
    }

    public AliasChange {
        evidence = Map.copyOf(evidence);
    }
}
