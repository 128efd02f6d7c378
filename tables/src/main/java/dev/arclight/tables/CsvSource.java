package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import dev.arclight.tables.InputFiles.InputFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** A declared table's CSV files: headers matched when made, rows read on request. */
final class CsvSource {
    private static final long READ_HERE_BYTES = 16L << 20;
    static final long SPLIT_BYTES = 32L << 20;

    private final SparkSession spark;
    private final Configuration configuration;
    private final Table table;
    private final List<CsvSplit> splits = new ArrayList<>();
    private final long bytes;

    CsvSource(SparkSession spark, Table table, List<String> paths) {
        this.spark = spark;
        this.configuration = spark.sparkContext().hadoopConfiguration();
        this.table = table;
        List<InputFile> files = InputFiles.list(paths, configuration);
        for (InputFile file : files) {
            splits.addAll(splits(table, file, layout(table, file, configuration), configuration, SPLIT_BYTES));
        }
        this.bytes = files.stream().mapToLong(InputFile::bytes).sum();
    }

    /** The size of parts for {@code bytes} altogether: some for each thread, none tiny, none that takes long. */
    static long splitBytes(long bytes, int parallelism) {
        return Math.min(2 * SPLIT_BYTES, Math.max(SPLIT_BYTES, bytes / Math.max(1, parallelism * 4L)));
    }

    /** The parts in which tasks read a file. */
    static List<CsvSplit> splits(
            Table table, InputFile file, Layout layout, Configuration configuration, long splitBytes) {
        List<CsvSplit> splits = new ArrayList<>();
        boolean splittable = InputFiles.isSplittable(file, configuration);
        long step = splittable ? splitBytes : Math.max(1, file.bytes());
        for (long start = 0; start < file.bytes(); start += step) {
            splits.add(new CsvSplit(
                    file, layout, table.separator(), start, Math.min(file.bytes(), start + step), splittable));
        }
        return splits;
    }

    Dataset<Row> readStrictly() {
        if (bytes <= READ_HERE_BYTES) {
            List<Row> rows = new ArrayList<>();
            for (CsvSplit split : splits) {
                readStrictly(split, rows);
            }
            return spark.createDataFrame(rows, table.schema());
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        JavaRDD<CsvSplit> work = context.parallelize(splits, splits.size());
        SerializableConfiguration shared = new SerializableConfiguration(configuration);
        Table declared = table; // without this object, which holds the session
        refuseFirst(work.map(split -> check(split, declared, shared.value())).collect());
        JavaRDD<Row> rows = work.flatMap(split -> new SplitRows(split, declared, shared.value()));
        return spark.createDataFrame(rows, table.schema());
    }

    private void readStrictly(CsvSplit split, List<Row> into) {
        try (CsvRecords records = split.open(configuration)) {
            RowParser parser = new RowParser(table, split.layout(), false);
            while (split.next(records)) {
                @Nullable Object[] row = parser.parse(records);
                if (row == null) {
                    throw ArclightException.badInput(parser.reject().message());
                }
                into.add(RowFactory.create(row));
            }
        } catch (IOException e) {
            throw InputFiles.unreadable(split.file().name(), e);
        }
    }

    /**
     * What a task saw.
     *
     * @param lines of the split
     * @param reject the first row that does not fit, its line counted from the split's start
     */
    private record Checked(long lines, @Nullable Reject reject) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static Checked check(CsvSplit split, Table table, Configuration configuration) {
        try (CsvRecords records = split.open(configuration)) {
            RowParser parser = new RowParser(table, split.layout(), false);
            Reject first = null;
            while (split.next(records)) {
                if (parser.parse(records) == null) {
                    first = parser.reject();
                    break;
                }
            }
            return new Checked(records.lines(), first);
        } catch (IOException e) {
            throw InputFiles.unreadable(split.file().name(), e);
        }
    }

    private void refuseFirst(List<Checked> checked) {
        long lines = 0;
        for (int i = 0; i < checked.size(); i++) {
            if (splits.get(i).start() == 0) {
                lines = 0;
            }
            Reject reject = checked.get(i).reject();
            if (reject != null) {
                throw ArclightException.badInput(reject.after(lines).message());
            }
            lines += checked.get(i).lines();
        }
    }

    /** Reads and matches a file's header. */
    static Layout layout(Table table, InputFile file, Configuration configuration) {
        try (CsvRecords records = new CsvRecords(InputFiles.open(file, 0, configuration), table.separator())) {
            if (!records.next() || (records.isBlank() && !skipBlank(records))) {
                throw ArclightException.badInput("%s is empty: a header with the columns of table %s was expected"
                        .formatted(file.name(), table.name()));
            }
            List<String> header = new ArrayList<>();
            for (int f = 0; f < records.fields(); f++) {
                header.add(records.field(f));
            }
            return Layout.match(table, file.name(), header);
        } catch (IOException e) {
            throw InputFiles.unreadable(file.name(), e);
        }
    }

    private static boolean skipBlank(CsvRecords records) throws IOException {
        while (records.next()) {
            if (!records.isBlank()) {
                return true;
            }
        }
        return false;
    }
}
