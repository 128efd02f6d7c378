package dev.arclight.engine.job;

import dev.arclight.engine.Master;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the state folder keeps of a job.
 *
 * @param submitter {@link Submitter#name()} of the one that knows it
 * @param handle what that one needs to find it again; no secrets
 * @param end empty while it may still change
 */
public record JobRecord(
        JobId id,
        String name,
        Master master,
        DeployMode mode,
        Instant submitted,
        String submitter,
        Map<String, String> handle,
        Optional<JobStatus> end) {
    public JobRecord {
        handle = Map.copyOf(handle);
    }

    /** A job that was just submitted. */
    static JobRecord of(JobId id, JobRequest request, Instant now, String submitter, Map<String, String> handle) {
        return new JobRecord(
                id, request.name(), request.master(), request.mode(), now, submitter, handle, Optional.empty());
    }

    JobRecord ended(JobStatus status) {
        return new JobRecord(id, name, master, mode, submitted, submitter, handle, Optional.of(status));
    }
}
