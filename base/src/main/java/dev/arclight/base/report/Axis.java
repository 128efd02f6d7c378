package dev.arclight.base.report;

import java.util.Objects;

/**
 * What one direction of a chart shows.
 *
 * @param title name and unit, such as {@code alcohol (% vol)}; may be empty
 * @param logarithmic whether equal distances are equal ratios; values not above 0 are then left out
 */
public record Axis(String title, boolean logarithmic) {
    public Axis {
        Objects.requireNonNull(title);
    }

    /** A linear axis. */
    public static Axis of(String title) {
        return new Axis(title, false);
    }

    /** This axis, logarithmic. */
    public Axis log() {
        return new Axis(title, true);
    }

    /** Whether the axis has a place for {@code value}. */
    boolean holds(double value) {
        return Double.isFinite(value) && (!logarithmic || value > 0);
    }
}
