package dev.arclight.engine.job;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Drivers in the process that submitted them, on this machine: known by process id and start time. */
final class DriversHere implements Drivers {
    static final String NAME = "client";

    private static final long STOP_SECONDS = 30;
    private static final long KILL_SECONDS = 10;

    static Map<String, String> handleOfThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return Map.of("pid", String.valueOf(self.pid()), "started", String.valueOf(startOf(self)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public JobStatus status(JobRecord job) {
        return process(job).isPresent()
                ? new JobStatus(
                        JobStatus.State.RUNNING, "in process " + job.handle().get("pid"))
                : new JobStatus(JobStatus.State.LOST, "its process ended without a word");
    }

    /** There is none to copy: it went to the terminal. */
    @Override
    public long log(JobRecord job, long from, OutputStream to) {
        return from;
    }

    @Override
    public void stop(JobRecord job) throws InterruptedException {
        Optional<ProcessHandle> process = process(job);
        if (process.isEmpty()) {
            return;
        }
        process.get().destroy();
        try {
            if (!ended(process.get(), STOP_SECONDS)) {
                process.get().destroyForcibly();
                if (!ended(process.get(), KILL_SECONDS)) {
                    throw new ArclightException(
                            ErrorCode.TIMEOUT,
                            "Process %s does not end".formatted(job.handle().get("pid")));
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Cannot wait for process " + job.handle().get("pid"), e);
        }
    }

    private static boolean ended(ProcessHandle process, long seconds) throws InterruptedException, ExecutionException {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Copies a file from byte {@code from}; the byte after the last one copied. */
    static long copy(Path file, long from, OutputStream to) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.min(from, Files.size(file)));
            return from + in.transferTo(to);
        }
    }

    private static Optional<ProcessHandle> process(JobRecord job) {
        return ProcessHandle.of(Long.parseLong(job.handle().getOrDefault("pid", "0")))
                .filter(one -> String.valueOf(startOf(one)).equals(job.handle().get("started")));
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
