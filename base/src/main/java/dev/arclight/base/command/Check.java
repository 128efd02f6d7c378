package dev.arclight.base.command;

import java.util.Optional;

/** One thing that {@code arclight doctor} looks at. Found by ServiceLoader, so that each module brings its own. */
public interface Check {
    /** How it stands. */
    enum Status {
        /** Found and fit. */
        FOUND,
        /** Not here, and only some features need it. */
        OPTIONAL,
        /** Not here or unfit, and nothing works without it. */
        MISSING
    }

    /**
     * What was found.
     *
     * @param detail version, size or place; or what is wrong
     * @param remedy how to get it, empty if found
     */
    record Finding(Status status, String detail, String remedy) {
        public static Finding found(String detail) {
            return new Finding(Status.FOUND, detail, "");
        }
    }

    /** A few words, such as {@code Java}. */
    String name();

    /** Position in the list: lower first; ties by name. */
    default int order() {
        return 100;
    }

    /**
     * The cloud whose account it looks at over the network, such as {@code azure}; then only {@code doctor --cloud}
     * with that name runs it. Empty for what is on this machine.
     */
    default Optional<String> cloud() {
        return Optional.empty();
    }

    /** Looks, within a few seconds. Changes nothing. */
    Finding look(CommandContext context);
}
