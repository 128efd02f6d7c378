package dev.arclight.model;

import java.util.List;

/**
 * One named output of a model that has such: some of the numbers of a row's prediction, which lie side by side in the
 * order of the outputs.
 *
 * @param type what the numbers are; they are computed with as float32
 * @param shape of one row's values; empty for a single number
 * @param keys what each value is called where a row's values are a map, by class for instance; else empty
 */
public record Output(String name, DataType type, List<Integer> shape, List<String> keys) {
    public Output {
        shape = List.copyOf(shape);
        keys = List.copyOf(keys);
        if (!keys.isEmpty() && !shape.equals(List.of(keys.size()))) {
            throw new IllegalArgumentException("%d keys for values of shape %s".formatted(keys.size(), shape));
        }
    }

    /** How many numbers it has in a row, at least 1. */
    public int width() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }
}
