package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import dev.arclight.tune.Axis.Line;
import dev.arclight.tune.Axis.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Every combination, the last parameter changing fastest. */
final class GridSampler extends Sampler {
    private final int points;

    GridSampler(int points) {
        if (points < 1) {
            throw new IllegalArgumentException("points=" + points);
        }
        this.points = points;
    }

    @Override
    Map<String, Object> suggest(SearchSpace space, History history, int number, SplittableRandom random) {
        long size = size(space, 0, new LinkedHashMap<>());
        if (number >= size) {
            throw ArclightException.badInput("The grid has %d points: ask for at most so many trials".formatted(size));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        long left = number;
        for (int i = 0; i < space.parameters().size(); i++) {
            Parameter parameter = space.parameters().get(i);
            if (!parameter.isActive(values)) {
                continue;
            }
            for (Object value : points(parameter.distribution())) {
                values.put(parameter.name(), value);
                long below = size(space, i + 1, values);
                if (left < below) {
                    break;
                }
                left -= below;
            }
        }
        return values;
    }

    /** How many combinations of the parameters from {@code index} on there are, given those before. */
    private long size(SearchSpace space, int index, Map<String, Object> values) {
        if (index == space.parameters().size()) {
            return 1;
        }
        Parameter parameter = space.parameters().get(index);
        if (!parameter.isActive(values)) {
            return size(space, index + 1, values);
        }
        List<Object> own = points(parameter.distribution());
        boolean decides = space.parameters().stream()
                .anyMatch(p -> p.condition() != null && p.condition().parent().equals(parameter.name()));
        if (!decides) {
            return Math.multiplyExact(own.size(), size(space, index + 1, values));
        }
        long sum = 0;
        for (Object value : own) {
            Map<String, Object> more = new LinkedHashMap<>(values);
            more.put(parameter.name(), value);
            sum = Math.addExact(sum, size(space, index + 1, more));
        }
        return sum;
    }

    private List<Object> points(Distribution distribution) {
        if (Axis.of(distribution) instanceof Options choice) {
            return choice.options();
        }
        Line line = (Line) Axis.of(distribution);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            double latent;
            if (Double.isInfinite(line.low())) {
                double share = (i + 0.5) / points;
                latent = Gaussian.quantileWithin(share, line.low(), line.high(), line.mean(), line.deviation());
            } else {
                double share = points == 1 ? 0.5 : (double) i / (points - 1);
                latent = line.low() + share * (line.high() - line.low());
            }
            Object value = line.value(latent);
            if (!values.contains(value)) {
                values.add(value); // of discrete values there may be fewer
            }
        }
        return values;
    }
}
