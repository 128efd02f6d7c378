package dev.arclight.serve;

import dev.arclight.base.AtomicFiles;
import dev.arclight.web.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a share of the requests to a model, with the answers, as Parquet files for later training: one file for 10,000
 * rows or a minute of one version, whole or not there. What the disk cannot take is counted and left out; answers go
 * on.
 */
final class RequestLog implements Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final int ROWS_PER_FILE = 10_000;
    private static final int SECONDS_PER_FILE = 60;
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

    private final Path folder;
    private final double share;
    private final Aside aside;
    private final CounterDataPoint kept;
    private final CounterDataPoint skipped;

    // Of the thread beside.
    private final List<Answered> waiting = new ArrayList<>();
    private @Nullable ServedModel writer;
    private int waitingRows;
    private int files;
    private boolean failing;

    /**
     * @param folder of all models' logs; this one's files go into a folder below it
     * @param name of the model
     * @param share of the requests that is kept, above 0, at most 1
     */
    RequestLog(Path folder, String name, double share, Counters counters) {
        this.folder = folder.resolve(name.replaceAll("[^A-Za-z0-9._-]", "_"));
        this.share = share;
        this.aside = new Aside("arclight-log-" + name);
        this.kept = counters.kept.labelValues(name);
        this.skipped = counters.skipped.labelValues(name);
    }

    /** What all logs count, by the name of the model. */
    static final class Counters {
        private final Counter kept;
        private final Counter skipped;

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
        if (!aside.offer(rows.count(), () -> add(model, request))) {
            skipped.inc(rows.count());
        }
    }

    private void add(ServedModel model, Answered request) {
        if (writer != model) {
            flush();
            writer = model;
        }
        if (waiting.isEmpty()) {
            CompletableFuture.delayedExecutor(SECONDS_PER_FILE, TimeUnit.SECONDS, aside)
                    .execute(this::flush);
        }
        waiting.add(request);
        waitingRows += request.rows.count();
        if (waitingRows >= ROWS_PER_FILE) {
            flush();
        }
    }

    private void flush() {
        ServedModel model = writer;
        if (waitingRows == 0 || model == null) {
            return;
        }
        try {
            byte[] bytes = parquet(model);
            String version = model.version().isEmpty() ? "" : "v" + model.version() + "-";
            Path file = folder.resolve("%s%s-%d.parquet".formatted(version, NAME.format(Instant.now()), files++));
            AtomicFiles.write(file, out -> out.write(bytes));
            kept.inc(waitingRows);
            failing = false;
        } catch (IOException | RuntimeException e) {
            skipped.inc(waitingRows);
            if (!failing) { // said once until it works again
                LOG.warn(
                        "The log of requests cannot be written to {}: {}; requests are answered without",
                        folder,
                        e.toString());
            }
            failing = true;
        }
        waiting.clear();
        waitingRows = 0;
    }

    /** Features as the model saw them, as float32; a missing value is NaN. */
    private byte[] parquet(ServedModel model) throws IOException {
        int width = model.schema().width();
        int outputs = model.outputs();
        ParquetColumns file = new ParquetColumns(waitingRows);
        long[] millis = new long[waitingRows];
        float[] column = new float[waitingRows];
        Set<String> names = new HashSet<>(model.schema().names());
        int at = 0;
        for (Answered each : waiting) {
            for (int row = 0; row < each.rows.count(); row++) {
                millis[at++] = each.millis;
            }
        }
        file.timestamps(unused("answered_at", names), millis);
        file.text(unused("model_version", names), model.version());
        for (int i = 0; i < width; i++) {
            at = 0;
            for (Answered each : waiting) {
                for (int row = 0; row < each.rows.count(); row++) {
                    column[at++] = each.rows.values()[row * width + i];
                }
            }
            file.floats(model.schema().name(i), column);
        }
        for (int i = 0; i < outputs; i++) {
            at = 0;
            for (Answered each : waiting) {
                for (int row = 0; row < each.rows.count(); row++) {
                    column[at++] = each.predictions[row * outputs + i];
                }
            }
            file.floats(unused(outputs == 1 ? "prediction" : "prediction_" + i, names), column);
        }
        return file.toBytes();
    }

    /** The name, with underscores behind it where a feature is called so. */
    private static String unused(String name, Set<String> taken) {
        String free = name;
        while (!taken.add(free)) {
            free += "_";
        }
        return free;
    }

    /** Writes what waits. */
    @Override
    public void close() {
        aside.execute(this::flush);
        aside.close();
    }
}
