package dev.arclight.ray.fleet;

import java.time.Duration;

/**
 * How patient a {@link Fleet} and its {@link Reconciler} are.
 *
 * @param neverFits how long demand that no node could ever hold stays with Ray before it is given up; an autoscaler
 *     needs time to add the node
 * @param register from an executor's process being up to its registration with the driver
 * @param failures how many executors may fail in a row, none running, before it is given up; at least 1
 * @param earlyDeath an executor that dies within this time of its registration counts as failed
 * @param firstBackOff wait after the second failure in a row; doubled for each further one
 * @param longestBackOff at most this
 * @param examine how long an executor that fits may wait before somebody looks whether the nodes can start it; doubled
 *     for each further look
 * @param waiting how often waiting for resources is mentioned
 * @param head how long the cluster's head may be silent; longer than its restart takes, and less than the 60 s after
 *     which Ray ends the process
 */
public record Limits(
        Duration neverFits,
        Duration register,
        int failures,
        Duration earlyDeath,
        Duration firstBackOff,
        Duration longestBackOff,
        Duration examine,
        Duration waiting,
        Duration head) {
    public static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            5,
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(8),
            Duration.ofSeconds(15),
            Duration.ofSeconds(40));

    public Limits {
        if (failures < 1) {
            throw new IllegalArgumentException("failures=" + failures + ", expected at least 1");
        }
    }

    /** These limits with another patience for what no node can hold, and for the head. */
    public Limits with(Duration otherNeverFits, Duration otherHead) {
        return new Limits(
                otherNeverFits,
                register,
                failures,
                earlyDeath,
                firstBackOff,
                longestBackOff,
                examine,
                waiting,
                otherHead);
    }

    /** How long to wait after {@code failuresInARow}: not at all after the first, then doubling. */
    Duration backOff(int failuresInARow) {
        if (failuresInARow < 2) {
            return Duration.ZERO;
        }
        Duration wait = firstBackOff.multipliedBy(1L << Math.min(20, failuresInARow - 2));
        return wait.compareTo(longestBackOff) < 0 ? wait : longestBackOff;
    }
}
