package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.tables.lake.LakeTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructType;

/** Parquet files, and lake tables, of any of a table's shapes, as one relation that Spark plans as its own. */
final class ParquetView {
    private ParquetView() {}

    static Dataset<Row> open(SparkSession spark, Table table, List<String> paths) {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        Map<String, List<String>> byShape = new LinkedHashMap<>();
        List<Dataset<Row>> all = new ArrayList<>();
        for (String path : paths) {
            Optional<LakeTable> lake = LakeTable.parse(path);
            if (lake.isPresent()) {
                all.add(conform(table, path, lake.get().read(spark)));
                continue;
            }
            try {
                for (Path file : files(path, configuration)) {
                    byShape.computeIfAbsent(shape(file, configuration), shape -> new ArrayList<>())
                            .add(file.toString());
                }
            } catch (FileNotFoundException e) {
                throw new ArclightException(ErrorCode.NOT_FOUND, "There is no file or folder " + path, e);
            } catch (IOException e) {
                throw InputFiles.unreadable(path, e);
            }
        }
        byShape.values().forEach(files -> all.add(conform(table, files.get(0), InputFiles.parquet(spark, files))));
        return all.stream().reduce(Dataset::unionAll).orElseThrow();
    }

    private static Dataset<Row> conform(Table table, String file, Dataset<Row> rows) {
        StructType schema = rows.schema();
        Layout layout = Layout.match(table, file, List.of(schema.fieldNames()));
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            var declared = table.columns().get(c);
            int field = layout.sources().get(c);
            boolean absent = field < 0 || schema.fields()[field].dataType() instanceof NullType;
            Column cell = absent
                    ? functions.lit(layout.values().get(declared.name()))
                    : functions.col("`" + schema.fieldNames()[field].replace("`", "``") + "`");
            boolean same = !absent && schema.fields()[field].dataType().equals(declared.type());
            columns.add((same ? cell : cell.cast(declared.type())).as(declared.name()));
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    /** All files of a path or pattern, also those in folders of folders, without hidden ones. */
    private static List<Path> files(String text, Configuration configuration) throws IOException {
        Path path = new Path(text);
        FileSystem system = path.getFileSystem(configuration);
        Deque<FileStatus> open = new ArrayDeque<>(InputFiles.matching(system, path));
        List<Path> files = new ArrayList<>();
        while (!open.isEmpty()) {
            FileStatus status = open.pop();
            if (status.isFile()) {
                files.add(status.getPath());
                continue;
            }
            for (FileStatus child : system.listStatus(status.getPath())) {
                if (!InputFiles.isHidden(child.getPath().getName())) {
                    open.push(child);
                }
            }
        }
        if (files.isEmpty()) {
            throw new ArclightException(ErrorCode.NOT_FOUND, text + " holds no files");
        }
        files.sort(null);
        return files;
    }

    private static String shape(Path file, Configuration configuration) {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
            return reader.getFileMetaData().getSchema().toString();
        } catch (IOException | RuntimeException e) {
            throw InputFiles.unreadable(
                    file.toUri().getPath(), e instanceof IOException io ? io : new IOException(e.getMessage(), e));
        }
    }
}
