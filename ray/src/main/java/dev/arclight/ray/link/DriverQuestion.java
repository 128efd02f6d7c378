package dev.arclight.ray.link;

/** What can be asked of a driver process that was submitted to Ray. */
public enum DriverQuestion {
    /** Its state by the name of {@code JobStatus.State}, a line feed, and the detail, as UTF-8. */
    STATUS,
    /** Some MB of its log, from the byte that the argument names; empty at the end. */
    LOG,
    /** End the application; answered when it has ended or was made to. */
    STOP
}
