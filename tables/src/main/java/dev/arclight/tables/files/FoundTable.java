package dev.arclight.tables.files;

import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.fs.Path;

/**
 * A folder that holds a table.
 *
 * @param partitions names of the partition columns, outermost first
 * @param files data files, those that a Delta table no longer counts among its own included
 * @param bytes of them together
 * @param rows where they can be had without reading the data
 * @param columns {@code name type}, or the name alone where the format has no types; empty if it could not be read
 */
record FoundTable(
        Path folder,
        Kind kind,
        List<String> partitions,
        long files,
        long bytes,
        OptionalLong rows,
        List<String> columns) {
    FoundTable {
        partitions = List.copyOf(partitions);
        columns = List.copyOf(columns);
    }

    /** The format of a table. */
    enum Kind {
        DELTA,
        PARQUET,
        CSV
    }
}
