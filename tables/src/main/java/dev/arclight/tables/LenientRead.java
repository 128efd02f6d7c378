package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.tables.InputFiles.InputFile;
import dev.arclight.tables.Quality.FileQuality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A lenient read under way: rows to be used, and, once an action has used them all, what became of each. Made by
 * {@link Table#readLeniently}. Safe for use by many threads.
 */
public final class LenientRead {
    private final Table table;
    private final Dataset<Row> rows;
    private final PartCounts counts;
    private final List<Source> sources;
    private final Map<String, String> unusable;
    private final long bytes;

    /**
     * A file that is read.
     *
     * @param parts how many parts it has
     */
    private record Source(InputFile file, String format, Layout layout, int parts) {}

    private LenientRead(
            Table table,
            Dataset<Row> rows,
            PartCounts counts,
            List<Source> sources,
            Map<String, String> unusable,
            long bytes) {
        this.table = table;
        this.rows = rows;
        this.counts = counts;
        this.sources = sources;
        this.unusable = unusable;
        this.bytes = bytes;
    }

    /** The rows that fit, of {@link Table#schema()}. */
    public Dataset<Row> rows() {
        return rows;
    }

    /** Size of all files together. */
    public long bytes() {
        return bytes;
    }

    /** The files that are read, as messages name them. */
    public List<String> files() {
        return sources.stream().map(s -> s.file().name()).toList();
    }

    /** The files that are left out because they cannot be read as the table at all, and why. */
    public Map<String, String> unusable() {
        return Map.copyOf(unusable);
    }

    static LenientRead open(SparkSession spark, Table table, List<String> paths, LenientOptions options) {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        PartCounts counts = new PartCounts(options.onProgress());
        spark.sparkContext().register(counts, "arclight.lenient-read");
        LenientRows.Shared shared = new LenientRows.Shared(
                counts,
                new SerializableConfiguration(configuration),
                options.rejectsFolder().orElse(null),
                options.samples());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Source> sources = new ArrayList<>();
        Map<String, String> unusable = new LinkedHashMap<>();
        List<CsvWork> csv = new ArrayList<>();
        List<JavaRDD<InternalRow>> parts = new ArrayList<>();
        long bytes = 0;
        List<InputFile> files = InputFiles.list(paths, configuration);
        long splitBytes =
                CsvSource.splitBytes(files.stream().mapToLong(InputFile::bytes).sum(), context.defaultParallelism());
        for (InputFile file : files) {
            int index = sources.size();
            try {
                if (InputFiles.isParquet(file, configuration)) {
                    sources.add(parquet(spark, table, file, index, shared, parts));
                } else {
                    Layout layout = CsvSource.layout(table, file, configuration);
                    List<CsvSplit> splits = CsvSource.splits(table, file, layout, configuration, splitBytes);
                    for (int s = 0; s < splits.size(); s++) {
                        csv.add(new CsvWork(new PartCounts.Key(index, s), splits.get(s)));
                    }
                    sources.add(new Source(file, "csv", layout, splits.size()));
                }
                bytes += file.bytes();
            } catch (ArclightException e) {
                if (!options.keepGoing()) {
                    throw e;
                }
                unusable.put(file.name(), String.valueOf(e.getMessage()));
            }
        }
        if (sources.isEmpty()) {
            throw ArclightException.badInput("None of the %d files can be read as table %s; the first: %s"
                    .formatted(
                            unusable.size(),
                            table.name(),
                            unusable.values().iterator().next()));
        }
        if (!csv.isEmpty()) {
            parts.add(
                    0,
                    context.parallelize(csv, csv.size())
                            .mapPartitions(work -> new Chained<>(work, one -> one.read(table, shared))));
        }
        JavaRDD<InternalRow> all = parts.size() == 1 ? parts.get(0) : union(context, parts);
        Dataset<Row> rows = ((org.apache.spark.sql.classic.SparkSession) spark)
                .internalCreateDataFrame(all.rdd(), table.schema(), false);
        return new LenientRead(table, rows, counts, sources, unusable, bytes);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the only way to a generic array
    private static JavaRDD<InternalRow> union(JavaSparkContext context, List<JavaRDD<InternalRow>> parts) {
        return context.union(parts.toArray(new JavaRDD[0]));
    }

    private record CsvWork(PartCounts.Key key, CsvSplit split) implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        LenientRows read(Table table, LenientRows.Shared shared) {
            return new LenientRows(
                    key,
                    split.file().name(),
                    CsvPart.open(split, shared.configuration().value()),
                    new RowParser(table, split.layout(), true),
                    shared);
        }
    }

    private static Source parquet(
            SparkSession spark,
            Table table,
            InputFile file,
            int index,
            LenientRows.Shared shared,
            List<JavaRDD<InternalRow>> into) {
        Dataset<Row> all;
        try {
            all = InputFiles.parquet(spark, List.of(file.path()));
        } catch (Exception e) { // Spark's reader throws checked exceptions that it does not declare
            throw InputFiles.unreadable(file.name(), new UnreadableFile(file.name(), rootOf(e)));
        }
        Layout layout = Layout.match(table, file.name(), List.of(all.schema().fieldNames()));
        // Only what is declared is read; the rest is known by name.
        Set<Integer> used = new LinkedHashSet<>(layout.sources());
        layout.alternatives().values().forEach(used::addAll);
        Dataset<Row> declared = all.select(used.stream()
                .filter(field -> field >= 0)
                .map(field -> functions.col("`" + layout.header().get(field).replace("`", "``") + "`"))
                .toArray(org.apache.spark.sql.Column[]::new));
        StructType schema = declared.schema();
        Layout narrow = Layout.match(table, file.name(), List.of(schema.fieldNames()));
        JavaRDD<InternalRow> raw = declared.queryExecution().toRdd().toJavaRDD();
        int parts = raw.getNumPartitions();
        long bytes = file.bytes() / Math.max(1, parts);
        into.add(raw.mapPartitionsWithIndex(
                (part, rows) -> new LenientRows(
                        new PartCounts.Key(index, part),
                        file.name(),
                        new ParquetPart(rows, new TypedCells(schema), bytes),
                        new RowParser(table, narrow, true),
                        shared),
                false));
        return new Source(file, "parquet", layout, parts);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at;
    }

    /** The file whose reading made an action fail, if that is why it failed. */
    public static java.util.Optional<String> unreadableFile(Throwable failure) {
        UnreadableFile found = UnreadableFile.in(failure);
        return found == null ? java.util.Optional.empty() : java.util.Optional.of(found.file());
    }

    /** Names in the folder of rejects that belong to the read; others there are of tasks that failed. */
    public Map<String, List<String>> rejectFiles() {
        Map<String, List<String>> names = new TreeMap<>();
        for (PartCounts.Part part : counts.value().values()) {
            if (part.rejectFile() != null) {
                names.computeIfAbsent(sources.get(part.key().file()).file().name(), file -> new ArrayList<>())
                        .add(part.rejectFile());
            }
        }
        return names;
    }

    /**
     * What became of the rows.
     *
     * @throws ArclightException BAD_STATE if no action has used all rows yet
     */
    public Quality quality() {
        Map<PartCounts.Key, PartCounts.Part> parts = counts.value();
        int expected = sources.stream().mapToInt(Source::parts).sum();
        if (parts.size() != expected) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "%d of %d parts of table %s have been read: run an action that uses all rows first"
                            .formatted(parts.size(), expected, table.name()));
        }
        RowCounts all = new RowCounts(table.columns().size(), table.rules().size());
        List<FileQuality> files = new ArrayList<>();
        List<Reject> samples = new ArrayList<>();
        Map<String, Integer> sampled = new LinkedHashMap<>();
        for (int f = 0; f < sources.size(); f++) {
            Source source = sources.get(f);
            RowCounts file = new RowCounts(table.columns().size(), table.rules().size());
            long lines = 0;
            for (int p = 0; p < source.parts(); p++) {
                PartCounts.Part part = java.util.Objects.requireNonNull(parts.get(new PartCounts.Key(f, p)));
                file.add(part.counts());
                for (Reject reject : part.samples()) {
                    if (sampled.merge(reject.key(), 1, Integer::sum) <= MAX_SAMPLES) {
                        samples.add(reject.after(lines));
                    }
                }
                lines += part.lines();
            }
            all.add(file);
            files.add(new FileQuality(
                    source.file().name(),
                    source.format(),
                    file.rows,
                    file.kept,
                    file.rejected,
                    source.layout().renamed(),
                    source.layout().missing(),
                    source.layout().unknown()));
        }
        Map<String, Long> flagged = new LinkedHashMap<>();
        for (int r = 0; r < table.rules().size(); r++) {
            if (!table.rules().get(r).refuses()) {
                flagged.put(table.rules().get(r).name(), all.flagged[r]);
            }
        }
        return new Quality(
                all.rows,
                all.kept,
                all.rejected,
                byColumn(all.rewritten),
                byColumn(all.rounded),
                all.extraEmptyFields,
                flagged,
                samples,
                files,
                unusable);
    }

    private static final int MAX_SAMPLES = 5;

    private Map<String, Long> byColumn(long[] cells) {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int c = 0; c < cells.length; c++) {
            if (cells[c] > 0) {
                map.put(table.columns().get(c).name(), cells[c]);
            }
        }
        return map;
    }
}
