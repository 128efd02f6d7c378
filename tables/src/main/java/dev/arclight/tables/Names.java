package dev.arclight.tables;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** How column names are compared, and which is the nearest to a misspelt one. */
final class Names {
    private Names() {}

    /** The form under which two names are the same column. */
    static String canonical(String name) {
        return name.strip().replace(' ', '_').toLowerCase(Locale.ROOT);
    }

    /** The candidate that {@code name} most likely means, if one is near enough. */
    static Optional<String> nearest(String name, Collection<String> candidates) {
        String wanted = canonical(name);
        String best = null;
        int bestDistance = Math.max(2, wanted.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(wanted, canonical(candidate));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
