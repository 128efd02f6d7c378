package dev.arclight.tune;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

final class RandomSampler extends Sampler {
    @Override
    Map<String, Object> suggest(SearchSpace space, History history, int number, SplittableRandom random) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : space.parameters()) {
            if (parameter.isActive(values)) {
                values.put(parameter.name(), Axis.of(parameter.distribution()).drawPrior(random));
            }
        }
        return values;
    }
}
