package dev.arclight.track;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.ModelWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A run that is being logged to. Params, tags and artifacts are on disk when their method returns; metrics are queued
 * and written in batches, at the latest by {@link #flush} and at the end of the run.
 *
 * <p>Ends FINISHED when closed, FAILED by {@link #fail}, KILLED by {@link #kill}; the first of these counts. Safe for
 * use by many threads.
 */
public final class ActiveRun implements AutoCloseable {
    private final Tracking tracking;
    private final Run run;
    private final MetricQueue queue;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<@Nullable SystemMetrics> systemMetrics = new AtomicReference<>();

    ActiveRun(Tracking tracking, Run run) {
        this.tracking = tracking;
        this.run = run;
        this.queue = new MetricQueue(run.id(), batch -> tracking.runs().log(run.id(), RunBatch.metrics(batch)));
    }

    /** 32 hexadecimal digits. */
    public String id() {
        return run.id();
    }

    public String experimentId() {
        return run.experimentId();
    }

    public String name() {
        return run.name();
    }

    /** A run nested in this one, to be started. */
    public RunStart child(String name) {
        return RunStart.in(run.experimentId()).named(name).parent(run.id());
    }

    /**
     * Logs a param.
     *
     * @param value its text form is kept, at most 6,000 characters
     * @throws ArclightException {@link ErrorCode#BAD_INPUT} if it has another value already
     */
    public ActiveRun param(String key, Object value) {
        return params(Map.of(key, value));
    }

    /** Logs params, in batches of 100. */
    public ActiveRun params(Map<String, ?> params) {
        Map<String, String> texts = new LinkedHashMap<>();
        params.forEach((key, value) -> texts.put(key, value.toString()));
        chunks(texts, Limits.PARAMS_PER_BATCH).forEach(chunk -> tracking.runs().log(run.id(), RunBatch.params(chunk)));
        return this;
    }

    public ActiveRun tag(String key, String value) {
        return tags(Map.of(key, value));
    }

    /** Sets tags, in batches of 100. */
    public ActiveRun tags(Map<String, String> tags) {
        chunks(tags, Limits.TAGS_PER_BATCH).forEach(chunk -> tracking.runs().log(run.id(), RunBatch.tags(chunk)));
        return this;
    }

    /** Queues a value of a metric that has no steps. */
    public ActiveRun metric(String key, double value) {
        return metric(key, value, 0);
    }

    /** Queues a value of a metric. */
    public ActiveRun metric(String key, double value, long step) {
        return metrics(List.of(Metric.of(key, value, step)));
    }

    /** Queues values of several metrics at one step. */
    public ActiveRun metrics(Map<String, Double> values, long step) {
        long now = System.currentTimeMillis();
        List<Metric> metrics = new ArrayList<>(values.size());
        values.forEach((key, value) -> metrics.add(Metric.of(key, value, now, step)));
        return metrics(metrics);
    }

    /**
     * Queues metrics; waits while 20,000 are queued.
     *
     * @throws ArclightException if metrics queued before could not be written
     */
    public ActiveRun metrics(List<Metric> metrics) {
        queue.add(metrics);
        return this;
    }

    /**
     * Measures, from now to the end of the run, what this process and machine use: CPU, heap, resident memory
     * ({@code system/…}). A second call changes nothing.
     *
     * @param interval between samples, at least 100 ms; one more is taken at the end
     */
    public ActiveRun systemMetrics(Duration interval) {
        if (interval.toMillis() < 100) {
            throw ArclightException.badInput("System metrics every %s: expected 100 ms or more".formatted(interval));
        }
        synchronized (systemMetrics) {
            if (systemMetrics.get() == null && !ended.get()) {
                systemMetrics.set(new SystemMetrics(run.id(), interval, this::metrics));
            }
        }
        return this;
    }

    /**
     * Waits until all queued metrics are on disk.
     *
     * @throws ArclightException if they could not be written
     */
    public void flush() {
        queue.flush();
    }

    /** Copies a file, or what is in a folder, into {@code folder} of the artifacts ({@code ""} for the top). */
    public ActiveRun artifact(Path local, String folder) throws IOException {
        Path name = local.getFileName();
        boolean isFile = java.nio.file.Files.isRegularFile(local);
        String path = isFile && name != null ? (folder.isEmpty() ? "" : folder + "/") + name : folder;
        tracking.artifacts().upload(run.artifactUri(), local, path);
        return this;
    }

    /** Writes an artifact at {@code path}, such as {@code charts/importances.json}. */
    public ActiveRun artifact(String path, AtomicFiles.FileWriter writer) throws IOException {
        tracking.artifacts().write(run.artifactUri(), path, writer);
        return this;
    }

    /** Adds a dataset that this run reads. */
    public ActiveRun dataset(Dataset dataset) {
        tracking.runs().inputs(run.id(), List.of(dataset), List.of());
        return this;
    }

    /**
     * Writes a model, noting this run in it, and logs it as an output of this run.
     *
     * @param name such as {@code model}
     * @return READY; its {@link LoggedModel#uri()} is what the registry wants as a source
     */
    public LoggedModel logModel(String name, ModelWriter model) throws IOException {
        Path folder = Files.createTempDirectory("arclight-model");
        try {
            model.withRunId(run.id()).write(folder.resolve(name));
            return logModel(name, folder.resolve(name));
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /** Logs the model in a local MLmodel directory; see {@link #logModel(String, Path, Map, Map)}. */
    public LoggedModel logModel(String name, Path directory) throws IOException {
        return logModel(name, directory, Map.of(), Map.of());
    }

    /**
     * Logs the model in a local MLmodel directory as an output of this run.
     *
     * @param name such as {@code model}
     * @param directory copied
     * @return READY; its {@link LoggedModel#uri()} is what the registry wants as a source
     */
    public LoggedModel logModel(String name, Path directory, Map<String, String> params, Map<String, String> tags)
            throws IOException {
        LoggedModel model =
                tracking.models().create(new LoggedModelStart(run.experimentId(), name, run.id(), "", params, tags));
        try {
            tracking.artifacts().upload(model.artifactUri(), directory, "");
            LoggedModel ready = tracking.models().finish(model.id(), LoggedModelStatus.READY);
            tracking.runs().outputs(run.id(), List.of(new ModelOutput(model.id(), 0)));
            return ready;
        } catch (IOException | RuntimeException e) {
            try {
                tracking.models().finish(model.id(), LoggedModelStatus.FAILED);
            } catch (RuntimeException secondary) {
                e.addSuppressed(secondary);
            }
            throw e;
        }
    }

    /** The run as the store has it, with all metrics queued so far. */
    public Run snapshot() {
        flush();
        return tracking.runs().load(run.id());
    }

    /**
     * Does {@code work}, then ends this run: FINISHED, FAILED with the cause if the work throws, KILLED if it was
     * interrupted or cancelled.
     *
     * @throws X what {@code work} throws
     */
    public <T, X extends Exception> T perform(RunWork<T, X> work) throws X {
        T result;
        try {
            result = work.in(this);
        } catch (Throwable cause) { // precise: X or unchecked, thrown on
            try {
                if (isCancellation(cause)) {
                    kill();
                } else {
                    fail(cause);
                }
            } catch (RuntimeException secondary) {
                cause.addSuppressed(secondary);
            }
            throw cause;
        }
        close();
        return result;
    }

    /** Ends the run as FAILED and keeps the cause in tag {@link Run#FAILURE_TAG}. */
    public void fail(Throwable cause) {
        end(RunStatus.FAILED, Map.of(Run.FAILURE_TAG, describe(cause)));
    }

    /** Ends the run as KILLED: the user asked to stop. */
    public void kill() {
        end(RunStatus.KILLED, Map.of());
    }

    /**
     * Ends the run as FINISHED, unless it ended already.
     *
     * @throws ArclightException if metrics could not be written: the run is then FAILED
     */
    @Override
    public void close() {
        end(RunStatus.FINISHED, Map.of());
    }

    private void end(RunStatus status, Map<String, String> tags) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        SystemMetrics measuring = systemMetrics.getAndSet(null);
        if (measuring != null) {
            measuring.close();
        }
        RunStatus last = status;
        Map<String, String> lastTags = tags;
        RuntimeException lost = null;
        try {
            queue.flush();
        } catch (RuntimeException e) {
            lost = e;
            if (status == RunStatus.FINISHED) {
                last = RunStatus.FAILED;
                lastTags = Map.of(Run.FAILURE_TAG, describe(e));
            }
        }
        try {
            if (!lastTags.isEmpty()) {
                tracking.runs().log(run.id(), RunBatch.tags(lastTags));
            }
            tracking.runs().update(run.id(), RunUpdate.status(last));
        } catch (RuntimeException e) {
            if (lost != null) {
                e.addSuppressed(lost);
            }
            throw e;
        }
        if (lost != null) {
            throw lost;
        }
    }

    private static boolean isCancellation(Throwable cause) {
        return cause instanceof InterruptedException
                || (cause instanceof ArclightException known && known.code() == ErrorCode.CANCELLED);
    }

    private static String describe(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text, true));
        String all = text.toString().strip();
        return all.length() <= Limits.TAG_VALUE_LENGTH ? all : all.substring(0, Limits.TAG_VALUE_LENGTH - 1) + "…";
    }

    private static List<Map<String, String>> chunks(Map<String, String> all, int size) {
        List<Map<String, String>> chunks = new ArrayList<>();
        Map<String, String> chunk = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : all.entrySet()) {
            chunk.put(entry.getKey(), entry.getValue());
            if (chunk.size() == size) {
                chunks.add(chunk);
                chunk = new LinkedHashMap<>();
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }
}
