package dev.arclight.track;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /**
     * The version that an alias named before the latest promotion that is not undone yet.
     *
     * @param now what the alias names
     * @param history all changes of the model's aliases, oldest first
     * @throws ArclightException BAD_STATE if there is nothing to go back to
     */
    public static int rollbackTarget(String name, String alias, OptionalInt now, List<AliasChange> history) {
        Deque<OptionalInt> before = new ArrayDeque<>();
        for (AliasChange change : history) {
            if (!change.alias().equals(alias)) {
                continue;
            }
            if (change.kind() == Kind.ROLLBACK) {
                before.poll();
            } else {
                before.push(change.from());
            }
        }
        OptionalInt target = Optional.ofNullable(before.peek()).orElse(OptionalInt.empty());
        if (target.isEmpty()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "There is nothing to roll back to: alias '%s' of model '%s' %s"
                            .formatted(
                                    alias,
                                    name,
                                    now.isEmpty()
                                            ? "was never set"
                                            : "named nothing before version " + now.getAsInt()));
        }
        return target.getAsInt();
    }
}
