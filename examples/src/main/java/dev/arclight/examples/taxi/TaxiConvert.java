package dev.arclight.examples.taxi;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.functions.year;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.tables.AtomicPartitions;
import dev.arclight.tables.LenientOptions;
import dev.arclight.tables.LenientRead;
import dev.arclight.tables.Quality;
import dev.arclight.tables.lake.LakeFormat;
import dev.arclight.tables.lake.LakeTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Converts trip files of any year to the service's schema: Parquet in {@code year=YYYY/month=M} folders. A run replaces
 * the months that it has trips of, each at once, and leaves the others alone; the same input again gives the same
 * output. Beside them {@code _quality} says what became of each row, {@code _rejected} holds those left out.
 */
final class TaxiConvert {
    /**
     * What is to be done.
     *
     * @param months whose trips are taken; empty: any. Of a file that is named by its month only trips of that month
     *     are taken in any case
     * @param partitions tasks that write, after a shuffle that spreads rows evenly; empty: as they are read
     * @param coalesce tasks that write, without a shuffle; empty: as they are read
     * @param format of the table in {@code output}; empty: Parquet
     * @param keepGoing whether unusable files are left out
     * @param duplicates whether equal trips are counted
     */
    record Options(
            TaxiService service,
            List<String> inputs,
            String output,
            Optional<Months> months,
            Optional<Integer> partitions,
            Optional<Integer> coalesce,
            Optional<LakeFormat> format,
            boolean keepGoing,
            boolean duplicates) {}

    private static final String GROUP = "arclight-taxi-convert";
    private static final int STOP_SECONDS = 10;

    private final SparkSession spark;
    private final Progress progress;
    private final Cleanup cleanup;
    private final Options options;

    TaxiConvert(SparkSession spark, Progress progress, Cleanup cleanup, Options options) {
        this.spark = spark;
        this.progress = progress;
        this.cleanup = cleanup;
        this.options = options;
    }

    /** Does it. */
    ConvertReport run() throws IOException {
        ConvertTarget target = new ConvertTarget(new Path(options.output()), configuration());
        target.requireOurs();
        spark.sparkContext().setJobGroup(GROUP, "taxi convert", true);
        try (AtomicPartitions output = AtomicPartitions.open(configuration(), options.output())) {
            target.requireSame(options.service(), options.format()); // once what a killed run left is finished
            Cleanup.Registration onStop = cleanup.register(() -> undo(output));
            boolean done = false;
            try {
                ConvertReport report = convert(output);
                done = true;
                return report;
            } finally {
                onStop.close();
                if (!done) {
                    stopTasks(); // before the staging folder goes: a task would make it anew
                }
            }
        } finally {
            spark.sparkContext().clearJobGroup();
        }
    }

    private void undo(AtomicPartitions output) {
        stopTasks();
        output.close();
    }

    private void stopTasks() {
        if (spark.sparkContext().isStopped()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // given back below; waiting needs it gone
        spark.sparkContext().cancelJobGroup(GROUP);
        long deadline = System.nanoTime() + STOP_SECONDS * 1_000_000_000L;
        while (running() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(50_000_000);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean running() {
        for (SparkExecutorInfo executor : spark.sparkContext().statusTracker().getExecutorInfos()) {
            if (executor.numRunningTasks() > 0) {
                return true;
            }
        }
        return false;
    }

    /** A read under way, and where it shows how far it has come. */
    private record Attempt(LenientRead read, Meter meter, String name, Map<String, String> unusable) {}

    private ConvertReport convert(AtomicPartitions output) throws IOException {
        Map<String, String> unusable = new LinkedHashMap<>();
        List<String> inputs = options.inputs();
        while (true) {
            Attempt attempt = open(inputs, output, Map.copyOf(unusable));
            try {
                write(attempt, output.staged("table-" + attempt.name()));
                return publish(attempt, output);
            } catch (Exception e) { // Spark's, some of them checked and not declared
                Optional<String> file = LenientRead.unreadableFile(e);
                if (!options.keepGoing() || file.isEmpty() || unusable.containsKey(file.get())) {
                    throw e;
                }
                // All of it goes, not only the rest: nobody could tell which of its rows are there.
                unusable.putAll(attempt.read().unusable()); // the next read does not look at these again
                unusable.put(file.get(), "Cannot read %s to its end".formatted(file.get()));
                progress.message("Leaving out %s, which cannot be read to its end".formatted(file.get()));
                inputs = new ArrayList<>(attempt.read().files());
                inputs.removeAll(unusable.keySet());
                if (inputs.isEmpty()) {
                    throw e;
                }
            }
        }
    }

    private Attempt open(List<String> inputs, AtomicPartitions output, Map<String, String> unusable) {
        String name = String.valueOf(unusable.size());
        Meter meter = new Meter();
        LenientOptions how = LenientOptions.defaults()
                .withRejectsFolder(output.staged("rejects-" + name))
                .withProgress(meter::moved);
        LenientRead read = TripRules.of(options.service(), options.months())
                .readLeniently(spark, inputs, options.keepGoing() ? how.keepingGoing() : how);
        return new Attempt(read, meter, name, unusable);
    }

    /** Shows megabytes and rows as parts of files are done. */
    private static final class Meter {
        private volatile Progress.@Nullable Task task;

        void moved(LenientOptions.Progress done) {
            Progress.Task shown = task;
            if (shown != null) {
                shown.moveTo(megabytes(done.bytes()));
                shown.note("%,d rows".formatted(done.rows()));
            }
        }
    }

    private void write(Attempt attempt, String folder) {
        Dataset<Row> rows = attempt.read()
                .rows()
                .withColumn("year", year(col("pickup_datetime")))
                .withColumn("month", month(col("pickup_datetime")));
        if (options.partitions().isPresent()) {
            rows = rows.repartition(options.partitions().get());
        } else if (options.coalesce().isPresent()) {
            rows = rows.coalesce(options.coalesce().get());
        }
        // A task holds files of up to four months open, instead of sorting its rows by month first; beyond, it sorts.
        spark.conf().set("spark.sql.maxConcurrentOutputFileWriters", 4);
        try (Progress.Task task =
                progress.start("Convert", megabytes(attempt.read().bytes()), "MB")) {
            attempt.meter().task = task;
            try {
                rows.write()
                        .option("parquet.block.size", rowGroupBytes())
                        .partitionBy("year", "month")
                        .parquet(folder);
            } catch (RuntimeException | Error e) {
                task.fail("failed");
                throw e;
            }
        }
    }

    /** Rounded up, so that the whole is seen to be done however small it is. */
    private static long megabytes(long bytes) {
        return Math.max(1, (bytes + (1 << 20) - 1) >> 20);
    }

    /** Each task holds a row group in memory for each month that it writes. */
    private static long rowGroupBytes() {
        return Math.min(128L << 20, Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 32));
    }

    private ConvertReport publish(Attempt attempt, AtomicPartitions output) throws IOException {
        LenientRead read = attempt.read();
        String table = "table-" + attempt.name();
        Quality quality = read.quality();
        List<String> months =
                options.format().isPresent() ? output.stagedPartitions(table, 2) : output.publishPartitions(table, 2);
        if (months.isEmpty()) {
            throw ArclightException.badInput(
                    "None of %,d rows is a trip of the months to be converted: %s. Nothing was changed"
                            .formatted(
                                    quality.rowsIn(),
                                    quality.rejected().isEmpty() ? "the files have no rows" : quality.rejected()));
        }
        Map<String, ConvertReport.Month> counted = count(output.staged(table));
        Map<String, String> left = new LinkedHashMap<>(quality.unusable());
        left.putAll(attempt.unusable());
        ConvertReport report = new ConvertReport(options.service(), quality, counted, options.duplicates(), left);
        rejects(attempt, output);
        stage(output, "quality.json", report.json());
        java.nio.file.Path page = java.nio.file.Files.createTempFile("arclight-quality", ".html");
        try {
            report.page(page);
            stage(output, "quality.html", java.nio.file.Files.readString(page));
        } finally {
            java.nio.file.Files.deleteIfExists(page);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted: the output was not changed");
        }
        options.format()
                .ifPresent(format -> LakeTable.of(format, options.output())
                        .overwritePartitions(spark.read().parquet(output.staged(table)), List.of("year", "month")));
        output.commit();
        return report;
    }

    /** Each file's rejects take the place of those it had before. */
    private void rejects(Attempt attempt, AtomicPartitions output) throws IOException {
        Map<String, List<String>> byFile = attempt.read().rejectFiles();
        FileSystem files = new Path(options.output()).getFileSystem(configuration());
        for (String file : attempt.read().files()) {
            String key = ConvertReport.key(file);
            List<String> names = byFile.getOrDefault(file, List.of());
            if (names.isEmpty()) {
                output.remove("_rejected/" + key);
                continue;
            }
            Path folder = new Path(output.staged("rejected-" + attempt.name()), key);
            files.mkdirs(folder);
            for (int part = 0; part < names.size(); part++) {
                Path from = new Path(output.staged("rejects-" + attempt.name()), names.get(part));
                if (!files.rename(from, new Path(folder, "part-%05d.jsonl".formatted(part)))) {
                    throw new IOException("cannot move the rejected rows " + from);
                }
            }
            output.publish("rejected-" + attempt.name() + "/" + key, "_rejected/" + key);
        }
    }

    private void stage(AtomicPartitions output, String name, String text) throws IOException {
        Path path = new Path(output.staged(name));
        FileSystem files = path.getFileSystem(configuration());
        try (OutputStream out = files.create(path, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        output.publish(name, "_quality/" + name);
    }

    /** Trips by month, and how many of them are equal to another one of the same month. */
    private Map<String, ConvertReport.Month> count(String folder) {
        Dataset<Row> written = spark.read().parquet(folder);
        Dataset<Row> counts;
        if (options.duplicates()) {
            Column[] identity = options.service().identity().stream()
                    .map(org.apache.spark.sql.functions::col)
                    .toArray(Column[]::new);
            counts = written.groupBy(
                            col("year"), col("month"), xxhash64(identity).as("trip"))
                    .count()
                    .withColumnRenamed("count", "same")
                    .groupBy("year", "month")
                    .agg(sum("same").as("trips"), sum(col("same").minus(1)).as("duplicates"));
        } else {
            counts = written.groupBy("year", "month")
                    .count()
                    .withColumnRenamed("count", "trips")
                    .withColumn("duplicates", lit(0L));
        }
        Map<String, ConvertReport.Month> months = new TreeMap<>();
        try (Progress.Task task =
                progress.start(options.duplicates() ? "Count trips and duplicates" : "Count trips", 0, "months")) {
            for (Row row : counts.collectAsList()) {
                months.put(
                        "%04d-%02d".formatted(row.getInt(0), row.getInt(1)),
                        new ConvertReport.Month(row.getLong(2), row.getLong(3)));
                task.advance(1);
            }
        }
        return months;
    }

    private org.apache.hadoop.conf.Configuration configuration() {
        return spark.sparkContext().hadoopConfiguration();
    }
}
