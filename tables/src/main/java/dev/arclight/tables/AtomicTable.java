package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes tables so that a reader finds the old one, the new one, or for an instant none, never a part. The new one is
 * written beside its target under a hidden name, checked for its {@code _SUCCESS} mark, and takes the target's place by
 * two renames. What fails before that leaves the old table.
 *
 * <p>Where a filesystem renames by copying (an object store), the instant is as long as the copy: use a Delta or
 * Iceberg table where readers must be isolated.
 */
public final class AtomicTable {
    private AtomicTable() {}

    /**
     * Writes {@code rows} as Parquet, replacing what is there.
     *
     * @param path a folder on any Hadoop filesystem
     * @throws ArclightException BAD_INPUT if {@code path} is a root; UNAVAILABLE if the table could not be moved into
     *     place; what Spark throws if it could not be written
     */
    public static void write(Dataset<Row> rows, String path) {
        Path target = new Path(path);
        if (target.isRoot()) {
            throw ArclightException.badInput("A table needs a folder of its own: " + path + " is a root");
        }
        String id = UUID.randomUUID().toString();
        Path fresh = new Path(target.getParent(), "." + target.getName() + "." + id + ".new");
        Path old = new Path(target.getParent(), "." + target.getName() + "." + id + ".old");
        try {
            FileSystem files =
                    target.getFileSystem(rows.sparkSession().sessionState().newHadoopConf());
            try {
                rows.write().parquet(fresh.toString());
                replace(files, target, fresh, old);
            } finally {
                files.delete(fresh, true);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot write the table %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static void replace(FileSystem files, Path target, Path fresh, Path old) throws IOException {
        if (!files.exists(new Path(fresh, "_SUCCESS"))) {
            throw new IOException("Spark left no _SUCCESS in " + fresh);
        }
        boolean replaced = files.exists(target);
        if (replaced && !files.rename(target, old)) {
            throw new IOException("cannot move the old table aside to " + old);
        }
        if (!files.rename(fresh, target)) {
            if (replaced) {
                files.rename(old, target);
            }
            throw new IOException("cannot move the new table from " + fresh);
        }
        files.delete(old, true);
    }
}
