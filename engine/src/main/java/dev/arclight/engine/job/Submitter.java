package dev.arclight.engine.job;

import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * Runs drivers on a platform. Found by ServiceLoader; has a public no-argument constructor that is cheap and touches
 * neither Spark nor the platform. The process that asks for status, log or stop is often not the one that submitted:
 * all that is known then is the {@link JobRecord}. Safe for use by many threads.
 *
 * <p>All methods fail with {@link dev.arclight.base.ArclightException}, in one sentence, where the platform cannot be
 * reached (UNAVAILABLE, TIMEOUT) or refuses (FORBIDDEN); each within 30 seconds of waiting for it.
 */
public interface Submitter {
    /** Kept with a job, so that the same submitter is found again: lower case, never changed. */
    String name();

    /** Whether it runs drivers for {@code master} in deploy mode {@code mode}. Decided by their form alone. */
    boolean serves(Master master, DeployMode mode);

    /**
     * Ships the application and starts its driver; returns once the platform has accepted it. What starts in the driver
     * is {@link Application#run}.
     *
     * @param id unique; fit to name the job on the platform
     * @param progress told what is shipped and how large it is
     * @return {@link JobRecord#handle()}
     */
    Map<String, String> submit(JobId id, JobRequest request, Progress progress) throws InterruptedException;

    /** How the job stands now. */
    JobStatus status(JobRecord job);

    /**
     * Copies what the driver has logged, standard output and standard error together.
     *
     * @param from first byte wanted; beyond the end is the end
     * @param to owned by the caller
     * @return the byte after the last one copied: {@code from} of the next call
     * @throws IOException if {@code to} cannot be written
     */
    long log(JobRecord job, long from, OutputStream to) throws IOException;

    /** Ends the driver and its executors; returns when they have ended. Nothing happens if it has ended already. */
    void stop(JobRecord job) throws InterruptedException;

    /** The end and the whole log are kept elsewhere now: what the platform holds for them may go. */
    default void release(JobRecord job) {}
}
