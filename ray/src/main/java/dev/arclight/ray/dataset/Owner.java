package dev.arclight.ray.dataset;

/** Until when a dataset lives, if nobody drops it before. */
public enum Owner {
    /** Until the Spark session that made it ends, also if its process is killed. */
    DRIVER,
    /** Until the cluster ends. */
    DETACHED
}
