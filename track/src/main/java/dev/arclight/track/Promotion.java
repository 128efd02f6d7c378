package dev.arclight.track;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An alias to be moved, by whom and why.
 *
 * @param name of the registered model
 * @param alias such as {@code champion}
 * @param toVersion the version that it shall name
 * @param expected what it must name now; if it names something else, nothing changes and CONFLICT is thrown
 * @param who a person or program
 * @param why a sentence for those who look later
 * @param evidence such as {@code test_auc} of both versions
 */
public record Promotion(
        String name,
        String alias,
        int toVersion,
        Expected expected,
        String who,
        String why,
        Map<String, String> evidence) {
    /** What an alias must name for a promotion to happen. */
    public sealed interface Expected {
        /** Whatever it names. */
        record Any() implements Expected {}

        /** Nothing: the alias is not set. */
        record None() implements Expected {}

        /** This version. */
        record Version(int number) implements Expected {}
    }

    public Promotion {
        Limits.checkAlias(alias);
        evidence = Map.copyOf(evidence);
    }

    /** A promotion by the one who runs this program, whatever the alias names now. */
    public static Promotion of(String name, String alias, int toVersion) {
        return new Promotion(name, alias, toVersion, new Expected.Any(), Users.current(), "", Map.of());
    }

    /** Only if the alias names this version now, or nothing if empty. */
    public Promotion expecting(Optional<Integer> version) {
        Expected now = version.<Expected>map(Expected.Version::new).orElseGet(Expected.None::new);
        return new Promotion(name, alias, toVersion, now, who, why, evidence);
    }

    public Promotion by(String who) {
        return new Promotion(name, alias, toVersion, expected, who, why, evidence);
    }

    public Promotion because(String why) {
        return new Promotion(name, alias, toVersion, expected, who, why, evidence);
    }

    public Promotion with(String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(evidence);
        all.put(key, value);
        return new Promotion(name, alias, toVersion, expected, who, why, all);
    }

    /**
     * Refuses this promotion if the alias names something else than expected.
     *
     * @param now the version that the alias names, if any
     * @throws ArclightException CONFLICT
     */
    public void requireExpected(OptionalInt now) {
        boolean asExpected;
        String wanted;
        if (expected instanceof Expected.Version version) {
            asExpected = now.isPresent() && now.getAsInt() == version.number();
            wanted = "version " + version.number();
        } else if (expected instanceof Expected.None) {
            asExpected = now.isEmpty();
            wanted = "no version";
        } else {
            return;
        }
        if (!asExpected) {
            throw new ArclightException(
                    ErrorCode.CONFLICT,
                    "Alias '%s' of model '%s' names %s, not %s as expected: somebody else moved it; look and decide anew"
                            .formatted(
                                    alias, name, now.isPresent() ? "version " + now.getAsInt() : "no version", wanted));
        }
    }
}
