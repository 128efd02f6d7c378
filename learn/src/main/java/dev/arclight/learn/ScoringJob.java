package dev.arclight.learn;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Model;
import dev.arclight.tables.AtomicTable;
import dev.arclight.track.Experiment;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * One table scored into another, recorded as a run of the experiment {@code scoring}: which version of which model,
 * which tables, how many rows. With an id of its own the work is done once: asked again, the run that did it is found.
 * The table appears whole or not at all.
 *
 * @param model {@code models:/name@alias}, {@code models:/name/version}, or a directory; an alias is looked up once
 * @param in path of a CSV file or folder with a header line (the name ends with {@code .csv}), a Delta table, or
 *     Parquet
 * @param out path of a folder; a table that is there is replaced, anything else is refused
 * @param column name of the new column
 * @param workId what this work is called, such as a date; letters, digits and {@code . _ : -}; empty: done at each call
 */
public record ScoringJob(String model, String in, String out, Format format, String column, String workId) {
    /** The experiment of these runs. */
    public static final String EXPERIMENT = "scoring";

    private static final String WORK_TAG = "arclight.score-id";
    private static final Pattern WORK_ID = Pattern.compile("[\\w.:-]{0,200}");

    /** What is written. */
    public enum Format {
        PARQUET,
        DELTA,
        CSV;

        /** Spark's extensions that the format needs: a class name, or empty. */
        public String extensions() {
            return this == DELTA ? "io.delta.sql.DeltaSparkSessionExtension" : "";
        }

        String spark() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was done.
     *
     * @param model the version that scored
     * @param runId the run that recorded it
     */
    public record Result(String model, long rows, String runId) {}

    /** @throws ArclightException BAD_INPUT if {@code workId} has other characters or is too long */
    public ScoringJob {
        if (!WORK_ID.matcher(workId).matches()) {
            throw ArclightException.badInput(
                    "The run id '%s' is none: use up to 200 letters, digits and . _ : -".formatted(workId));
        }
    }

    /**
     * The finished run of this work, if it has an id and was done.
     *
     * @throws ArclightException BAD_STATE if the id was used for other work
     */
    public Optional<Result> findDone(Tracking tracking) {
        if (workId.isEmpty()) {
            return Optional.empty();
        }
        Experiment experiment = tracking.experiment(EXPERIMENT);
        String filter = "tags.`%s` = '%s' AND attributes.status = 'FINISHED'".formatted(WORK_TAG, workId);
        for (Run run :
                tracking.runs(RunSearch.in(experiment).withFilter(filter)).items()) {
            Map<String, String> params = run.params();
            if (!params.entrySet().containsAll(request().entrySet())) {
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "The run id '%s' was used for other work: run %s scored %s with %s into %s, format %s, column %s; choose another id"
                                .formatted(
                                        workId,
                                        run.id(),
                                        params.get("in"),
                                        params.get("requested"),
                                        params.get("out"),
                                        params.get("format"),
                                        params.get("column")));
            }
            return Optional.of(new Result(
                    params.getOrDefault("model", ""), Long.parseLong(params.getOrDefault("rows", "0")), run.id()));
        }
        return Optional.empty();
    }

    /**
     * Scores the table now, whether or not it was done before.
     *
     * @throws ArclightException NOT_FOUND or BAD_INPUT if model or table are not there or do not fit
     */
    public Result run(SparkSession spark, Tracking tracking) {
        requireLibrary();
        String version = Scoring.pinned(tracking, model); // an alias may move while the work is done
        Model loaded = Model.load(Scoring.directory(tracking, version));
        Dataset<Row> scored = Scoring.score(read(spark), loaded, column);
        RunStart start = RunStart.in(tracking.experiment(EXPERIMENT)).named("score " + version);
        return tracking.within(workId.isEmpty() ? start : start.tag(WORK_TAG, workId), run -> {
            run.params(request());
            run.param("model", version);
            Observation seen = new Observation();
            write(scored.observe(seen, functions.count(functions.lit(1)).as("rows")));
            long rows = rows(seen);
            run.param("rows", rows);
            return new Result(version, rows, run.id());
        });
    }

    /** What makes it this work and no other. */
    private Map<String, String> request() {
        return Map.of("requested", model, "in", in, "out", out, "format", format.spark(), "column", column);
    }

    private static long rows(Observation seen) {
        try {
            return (Long) seen.getAsJava().getOrDefault("rows", 0L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while a table was scored", e);
        }
    }

    private Dataset<Row> read(SparkSession spark) {
        Path path = new Path(in);
        try {
            var files = path.getFileSystem(spark.sessionState().newHadoopConf());
            if (!files.exists(path)) {
                throw ArclightException.notFound("There is no table %s".formatted(in));
            }
            if (in.toLowerCase(Locale.ROOT).endsWith(".csv")) {
                return spark.read()
                        .option("header", "true")
                        .option("inferSchema", "true")
                        .csv(in);
            }
            if (files.exists(new Path(path, "_delta_log"))) {
                requireDelta();
                return spark.read().format("delta").load(in);
            }
            return spark.read().parquet(in);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot read the table %s: %s".formatted(in, e.getMessage()), e);
        }
    }

    /**
     * Fails where the format needs a library that is not on the classpath; nothing is started or written for it.
     *
     * @throws ArclightException BAD_INPUT naming what to add
     */
    public void requireLibrary() {
        if (format == Format.DELTA) {
            requireDelta();
        }
    }

    private void write(Dataset<Row> scored) {
        switch (format) {
            case PARQUET -> AtomicTable.write(scored, out);
            case CSV -> AtomicTable.write(scored, "csv", Map.of("header", "true"), out);
            case DELTA -> scored.write().format("delta").mode("overwrite").save(out);
        }
    }

    private static void requireDelta() {
        try {
            Class.forName(
                    "io.delta.tables.DeltaTable", false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "Delta tables need Delta's library: add io.delta:delta-spark_4.1_2.13:4.4.0 to the classpath",
                    e);
        }
    }
}
