package dev.arclight.tables.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.tables.AtomicTable;
import dev.arclight.tables.lake.LakeTable;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table of which nothing is known but its place: Parquet, CSV with a header, JSON lines or Delta, told apart by name.
 */
final class AnyTable {
    private AnyTable() {}

    /** Replaces the table at {@code path} as a whole: Parquet or Delta. */
    static void write(Dataset<Row> rows, String path) {
        Optional<LakeTable> lake = LakeTable.parse(path);
        if (lake.isPresent()) {
            lake.get().write(rows);
        } else {
            AtomicTable.write(rows, path);
        }
    }

    static Dataset<Row> open(SparkSession spark, String path) {
        Optional<LakeTable> lake = LakeTable.parse(path);
        if (lake.isPresent()) {
            return lake.get().read(spark);
        }
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|lz4|snappy)$", "");
        try {
            if (name.endsWith(".csv") || name.endsWith(".tsv")) {
                return spark.read()
                        .option("header", true)
                        .option("inferSchema", true)
                        .option("sep", name.endsWith(".tsv") ? "\t" : ",")
                        .csv(path);
            }
            if (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
                return spark.read().json(path);
            }
            return spark.read().parquet(path);
        } catch (Exception e) { // Spark's analysis errors are checked and not declared
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            if (message.contains("PATH_NOT_FOUND")) {
                throw new ArclightException(ErrorCode.NOT_FOUND, "There is no file or folder " + path, e);
            }
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "Cannot read %s as %s (%s): name it .csv, .tsv, .json or .jsonl if it is one of these"
                            .formatted(path, name.endsWith("v") ? "CSV" : "Parquet", message),
                    e);
        }
    }
}
