package dev.arclight.engine.job;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/**
 * Submitted applications, noted in the user's state folder so that other processes find them again. Safe for use by
 * many threads and processes.
 */
public final class Jobs {
    private static final long FOLLOW_MILLIS = 500;

    private final JobFolder folder;
    private final List<Submitter> submitters;

    Jobs(JobFolder folder, List<Submitter> submitters) {
        this.folder = folder;
        this.submitters = List.copyOf(submitters);
    }

    /**
     * The user's jobs, with every submitter of the class path.
     *
     * @param environment as {@link System#getenv()}: {@code XDG_STATE_HOME} is looked at
     */
    public static Jobs open(Map<String, String> environment) {
        return new Jobs(
                JobFolder.of(environment),
                ServiceLoader.load(Submitter.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    /**
     * Submits an application. In deploy mode {@code client} its driver runs here, on the calling thread, and this
     * returns when {@code main} does; what {@code main} throws is thrown on.
     *
     * @throws ArclightException NOT_FOUND if nothing on the class path runs drivers there
     */
    public JobRecord submit(JobRequest request, Progress progress) throws Exception {
        Instant now = Instant.now();
        JobId id = JobId.next(now);
        if (request.mode() == DeployMode.CLIENT) {
            return runHere(id, request, now, progress);
        }
        Submitter submitter = submitters.stream()
                .filter(one -> one.serves(request.master(), request.mode()))
                .findFirst()
                .orElseThrow(() -> ArclightException.notFound(
                        "Nothing here runs a driver on master '%s' in deploy mode cluster: %s"
                                .formatted(
                                        request.master().text(),
                                        request.master() instanceof Master.Platform
                                                ? "its module is not on the class path"
                                                : "use --deploy-mode client")));
        JobRecord job = JobRecord.of(id, request, now, submitter.name(), submitter.submit(id, request, progress));
        try {
            folder.save(job);
        } catch (ArclightException e) { // it runs all the same: whoever is to stop it must know
            throw new ArclightException(
                    e.code(),
                    "%s was submitted to %s as %s and runs, but 'arclight job' will not know it: %s"
                            .formatted(id, request.master().text(), job.handle(), e.getMessage()),
                    e);
        }
        return job;
    }

    private JobRecord runHere(JobId id, JobRequest request, Instant now, Progress progress) throws Exception {
        if (!request.jars().isEmpty() && !(request.master() instanceof Master.Local)) {
            progress.message("Executors fetch the application's %d jar(s), %.1f MB, from this driver"
                    .formatted(request.jars().size(), megabytes(request.jars())));
        }
        JobRecord job = JobRecord.of(id, request, now, DriversHere.NAME, DriversHere.handleOfThisProcess());
        folder.save(job);
        try {
            Application.run(request);
        } catch (Exception | Error e) {
            boolean cancelled =
                    e instanceof InterruptedException || Thread.currentThread().isInterrupted();
            try {
                folder.save(job.ended(new JobStatus(
                        cancelled ? JobStatus.State.STOPPED : JobStatus.State.FAILED, String.valueOf(e.getMessage()))));
            } catch (RuntimeException unsaved) {
                e.addSuppressed(unsaved); // why the application failed matters more
            }
            throw e;
        }
        JobRecord ended = job.ended(new JobStatus(JobStatus.State.SUCCEEDED, ""));
        folder.save(ended);
        return ended;
    }

    private static double megabytes(List<Path> jars) throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        return bytes / 1e6;
    }

    /** All jobs that were submitted from here, newest first; how the last look found them. */
    public List<JobRecord> list() {
        return folder.list();
    }

    /**
     * A job.
     *
     * @param text its id, or {@code last} for the one submitted last
     * @throws ArclightException BAD_INPUT, NOT_FOUND
     */
    public JobRecord find(String text) {
        if (text.toLowerCase(Locale.ROOT).equals("last")) {
            return list().stream()
                    .findFirst()
                    .orElseThrow(() -> ArclightException.notFound("No job was submitted from here yet"));
        }
        return folder.load(new JobId(text));
    }

    /** Looks how a job stands. Where it has ended, its end and its log are fetched and kept. */
    public JobStatus status(JobRecord job) {
        return status(job, false);
    }

    /** @param stopped whether somebody asked for its end: then a driver that is gone is not lost */
    private JobStatus status(JobRecord job, boolean stopped) {
        if (job.end().isPresent()) {
            return job.end().get();
        }
        Drivers drivers = drivers(job);
        JobStatus status = drivers.status(job);
        if (!status.state().ended()) {
            return status;
        }
        // A driver here notes its end before its process is gone; so do others who look. That says more.
        Optional<JobStatus> noted = folder.load(job.id()).end();
        if (noted.isPresent()) {
            return noted.get();
        }
        JobStatus end =
                stopped && status.state() == JobStatus.State.LOST ? new JobStatus(JobStatus.State.STOPPED, "") : status;
        keep(job, end, drivers);
        return end;
    }

    /**
     * Copies a job's log.
     *
     * @param to owned by the caller; flushed
     * @param follow whether to wait for more until the job ends
     */
    public void log(JobRecord job, OutputStream to, boolean follow) throws IOException, InterruptedException {
        long next = 0;
        while (true) {
            JobRecord now = folder.load(job.id());
            Path kept = folder.log(job.id());
            if (now.end().isPresent() && Files.exists(kept)) {
                next = DriversHere.copy(kept, next, to);
                to.flush();
                return;
            }
            next = drivers(now).log(now, next, to);
            to.flush();
            if (!follow || now.end().isPresent()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(FOLLOW_MILLIS);
            status(now);
        }
    }

    /** Ends a job and waits for its end; nothing happens if it has ended. */
    public JobStatus stop(JobRecord job) throws InterruptedException {
        if (job.end().isPresent()) {
            return job.end().get();
        }
        drivers(job).stop(job);
        return status(job, true);
    }

    private void keep(JobRecord job, JobStatus end, Drivers drivers) {
        Path log = folder.log(job.id());
        try {
            AtomicFiles.write(log, out -> {
                long from = 0;
                long next;
                while ((next = drivers.log(job, from, out)) > from) {
                    from = next;
                }
            });
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot keep the log of %s: %s".formatted(job.id(), e.getMessage()), e);
        }
        folder.save(job.ended(end));
        drivers.release(job);
    }

    private Drivers drivers(JobRecord job) {
        if (job.submitter().equals(DriversHere.NAME)) {
            return new DriversHere();
        }
        return submitters.stream()
                .filter(one -> one.name().equals(job.submitter()))
                .map(Drivers.class::cast)
                .findFirst()
                .orElseThrow(() -> ArclightException.notFound("%s was submitted by '%s', which is not on the class path"
                        .formatted(job.id(), job.submitter())));
    }
}
