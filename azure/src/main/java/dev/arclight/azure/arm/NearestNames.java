package dev.arclight.azure.arm;

import java.util.Comparator;
import java.util.List;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The names that a mistyped one may have meant. */
final class NearestNames {
    private static final int SHOWN = 3;
    /** Names that are further from what was typed than the nearest one by more than this are of no help. */
    private static final int FURTHER = 2;

    private NearestNames() {}

    /** At most three of {@code known}, the nearest by edit distance first. */
    static List<String> of(String typed, List<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        int nearest = known.stream()
                .mapToInt(name -> distance.apply(typed, name))
                .min()
                .orElse(0);
        return known.stream()
                .filter(name -> distance.apply(typed, name) <= nearest + FURTHER)
                .sorted(Comparator.<String>comparingInt(name -> distance.apply(typed, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .toList();
    }
}
