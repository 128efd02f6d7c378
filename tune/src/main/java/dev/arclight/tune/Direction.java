package dev.arclight.tune;

/** Which values are better. */
public enum Direction {
    /** Lower is better. */
    MINIMIZE,
    /** Higher is better. */
    MAXIMIZE;

    /** {@code value} turned so that lower is better. */
    double loss(double value) {
        return this == MINIMIZE ? value : -value;
    }
}
