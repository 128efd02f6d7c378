package dev.arclight.serve;

import dev.arclight.base.AtomicFiles;
import dev.arclight.web.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a share of the requests to a model, with the answers, as Parquet files for later training: one file for 10,000
 * rows or a minute of one version, whole or not there. What the disk cannot take is counted and left out; answers go
 * on. Safe for use by many threads.
 */
final class RequestLog implements Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final int ROWS_PER_FILE = 10_000;
    private static final int CLOSE_SECONDS = 5;
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    /** One answered request. */
    private static final class Answered {
        final long millis = System.currentTimeMillis();
        final Rows rows;
        final float[] predictions;

        Answered(Rows rows, float[] predictions) {
            this.rows = rows;
            this.predictions = predictions;
        }
    }

    /** Answers of one version that go into one file. */
    private static final class Batch {
        final ServedModel model;
        final ScheduledFuture<?> timer;
        final List<Answered> requests = new ArrayList<>();
        int rows;

        Batch(ServedModel model, ScheduledFuture<?> timer) {
            this.model = model;
            this.timer = timer;
        }

        void add(Answered request) {
            requests.add(request);
            rows += request.rows.count();
        }
    }

    private final Path folder;
    private final double share;
    private final Duration patience;
    private final Aside aside;
    private final ScheduledThreadPoolExecutor timer;
    private final CounterDataPoint kept;
    private final CounterDataPoint skipped;

    // Guarded by lock: the thread beside adds and writes, the timer and whoever closes write.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ServedModel, Batch> batches = new HashMap<>();
    private int files;
    private boolean failing;

    /**
     * @param folder of all models' logs; this one's files go into a folder below it
     * @param name of the model
     * @param share of the requests that is kept, above 0, at most 1
     */
    RequestLog(Path folder, String name, double share, Counters counters) {
        this(folder, name, share, counters, Duration.ofMinutes(1));
    }

    /** @param patience the longest that a row waits for others before it is written */
    RequestLog(Path folder, String name, double share, Counters counters, Duration patience) {
        this.folder = folder.resolve(name.replaceAll("[^A-Za-z0-9._-]", "_"));
        this.share = share;
        this.patience = patience;
        this.kept = counters.kept.labelValues(name);
        this.skipped = counters.skipped.labelValues(name);
        this.aside = new Aside("arclight-log-" + name, skipped::inc);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "arclight-log-timer-" + name);
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** What all logs count, by the name of the model. */
    static final class Counters {
        final Counter kept;
        final Counter skipped;

        Counters(Metrics metrics) {
            kept = metrics.counter("arclight_log_rows", "Rows written to the log of requests", "model");
            skipped = metrics.counter(
                    "arclight_log_skipped_rows", "Sampled rows that the log of requests could not take", "model");
        }
    }

    @Override
    public void answered(ServedModel model, Rows rows, float[] predictions) {
        if (share < 1 && ThreadLocalRandom.current().nextDouble() >= share) {
            return;
        }
        Answered request = new Answered(rows, predictions);
        aside.offer(rows.count(), () -> add(model, request));
    }

    private void add(ServedModel model, Answered request) {
        lock.lock();
        try {
            Batch batch = batches.computeIfAbsent(model, this::batch);
            batch.add(request);
            if (batch.rows >= ROWS_PER_FILE) {
                write(batch);
            }
        } finally {
            lock.unlock();
        }
    }

    private Batch batch(ServedModel model) {
        return new Batch(model, timer.schedule(() -> timeIsOver(model), patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void timeIsOver(ServedModel model) {
        lock.lock();
        try {
            Batch batch = batches.get(model);
            // Another one where this batch was filled while its timer waited for the lock.
            if (batch != null && batch.timer.getDelay(TimeUnit.NANOSECONDS) <= 0) {
                write(batch);
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. */
    private void write(Batch batch) {
        batch.timer.cancel(false);
        batches.remove(batch.model);
        try {
            byte[] bytes = parquet(batch);
            String version = batch.model.version().isEmpty() ? "" : "v" + batch.model.version() + "-";
            Path file = folder.resolve("%s%s-%d.parquet".formatted(version, NAME.format(Instant.now()), files++));
            AtomicFiles.write(file, out -> out.write(bytes));
            kept.inc(batch.rows);
            failing = false;
        } catch (IOException | RuntimeException e) {
            skipped.inc(batch.rows);
            if (!failing) { // said once until it works again
                LOG.warn(
                        "The log of requests cannot be written to {}: {}; requests are answered without",
                        folder,
                        e.toString());
            }
            failing = true;
        }
    }

    /** Features as the model saw them, as float32; a missing value is NaN. */
    private static byte[] parquet(Batch batch) throws IOException {
        ServedModel model = batch.model;
        int width = model.schema().width();
        int outputs = model.outputs();
        ParquetColumns file = new ParquetColumns(batch.rows);
        long[] millis = new long[batch.rows];
        float[] column = new float[batch.rows];
        Set<String> names = new HashSet<>(model.schema().names());
        int at = 0;
        for (Answered each : batch.requests) {
            for (int row = 0; row < each.rows.count(); row++) {
                millis[at++] = each.millis;
            }
        }
        file.timestamps(unused("answered_at", names), millis);
        file.text(unused("model_version", names), model.version());
        for (int i = 0; i < width; i++) {
            at = 0;
            for (Answered each : batch.requests) {
                for (int row = 0; row < each.rows.count(); row++) {
                    column[at++] = each.rows.values()[row * width + i];
                }
            }
            file.floats(model.schema().name(i), column);
        }
        for (int i = 0; i < outputs; i++) {
            at = 0;
            for (Answered each : batch.requests) {
                for (int row = 0; row < each.rows.count(); row++) {
                    column[at++] = each.predictions[row * outputs + i];
                }
            }
            file.floats(unused(prediction(model, i), names), column);
        }
        return file.toBytes();
    }

    private static String prediction(ServedModel model, int place) {
        if (!model.model().outputs().isEmpty()) {
            return model.model().outputNames().get(place);
        }
        return model.outputs() == 1 ? "prediction" : "prediction_" + place;
    }

    /** The name, with underscores behind it where a feature is called so. */
    private static String unused(String name, Set<String> taken) {
        String free = name;
        while (!taken.add(free)) {
            free += "_";
        }
        return free;
    }

    /** Writes what waits, on the calling thread; says what is lost where a disk that hangs keeps it from that. */
    @Override
    public void close() {
        aside.close();
        timer.shutdown(); // no interrupt: it may be writing
        boolean entered = lock.tryLock();
        try {
            entered = entered || lock.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!entered) {
            LOG.warn(
                    "The log of requests is still being written to {}; rows of the last {} are lost", folder, patience);
            return;
        }
        try {
            List.copyOf(batches.values()).forEach(this::write);
        } finally {
            lock.unlock();
        }
    }
}
