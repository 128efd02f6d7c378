package dev.arclight.engine.job;

/** Where the driver of a submitted application runs. */
public enum DeployMode {
    /** In the process that submits. */
    CLIENT,
    /** On the platform that the master names; it outlives the process that submits. */
    CLUSTER
}
