package dev.arclight.engine.job;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Looks after drivers that run somewhere. The process that asks for status, log or stop is often not the one that
 * submitted: all that is known then is the {@link JobRecord}. Safe for use by many threads.
 *
 * <p>All methods fail with {@link dev.arclight.base.ArclightException}, in one sentence, where the platform cannot be
 * reached (UNAVAILABLE, TIMEOUT) or refuses (FORBIDDEN); each within 30 seconds of waiting for it.
 */
public interface Drivers {
    /** Kept with a job, so that the same one is found again: lower case, never changed. */
    String name();

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
