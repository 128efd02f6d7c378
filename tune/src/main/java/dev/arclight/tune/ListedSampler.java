package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Suggests what it was given, one after the other. */
final class ListedSampler extends Sampler {
    private final List<Map<String, Object>> listed;

    ListedSampler(List<Map<String, Object>> listed) {
        this.listed = listed.stream().map(Map::copyOf).toList();
    }

    @Override
    Map<String, Object> suggest(SearchSpace space, History history, int number, SplittableRandom random) {
        if (number >= listed.size()) {
            throw ArclightException.badInput(
                    "Trial %d of a list of %d: ask for as many trials as are listed".formatted(number, listed.size()));
        }
        Map<String, Object> given = listed.get(number);
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (String name : space.names()) {
            Object value = given.get(name);
            if (value == null) {
                throw ArclightException.badInput(
                        "The listed trial %d has no value for '%s'; it has %s".formatted(number, name, given.keySet()));
            }
            ordered.put(name, value);
        }
        return ordered;
    }
}
