package dev.arclight.tune;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One dimension of a search space.
 *
 * @param name unique in its space
 * @param distribution its values
 * @param condition null where the parameter is always there
 */
record Parameter(
        String name, Distribution distribution, @Nullable Condition condition) {
    /** The parameter is there only where choice {@code parent} (itself there) took {@code option}. */
    record Condition(String parent, Object option) {
        boolean holds(Map<String, Object> values) {
            return Objects.equals(values.get(parent), option);
        }
    }

    boolean isActive(Map<String, Object> values) {
        return condition == null || condition.holds(values);
    }
}
