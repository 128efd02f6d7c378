package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes tables so that a reader finds the old one, the new one, or for an instant none, never a part. The new one is
 * written beside its target under a hidden name, checked for its {@code _SUCCESS} mark, and takes the target's place by
 * two renames. What fails before that leaves the old table.
 *
 * <p>A program killed between the two renames leaves no table under the target's name but a whole one beside it;
 * {@link #recover} puts it back, and the next write does so by itself. What was killed while writing leaves a hidden
 * folder, which a write removes once it is a day old, so that it never takes another writer's away.
 *
 * <p>Where a filesystem renames by copying (an object store), the instant is as long as the copy: use a Delta table
 * where readers must be isolated.
 */
public final class AtomicTable {
    private static final String MARK = "_SUCCESS";

    private AtomicTable() {}

    /**
     * Writes {@code rows} as Parquet, replacing the table that is there.
     *
     * @param path a folder on any Hadoop filesystem
     * @throws ArclightException BAD_INPUT if {@code path} is a root, a file, or a folder that holds anything else than
     *     a table of files with its mark {@code _SUCCESS}, which then stays as it is; UNAVAILABLE if the table could
     *     not be moved into place; what Spark throws if it could not be written
     */
    public static void write(Dataset<Row> rows, String path) {
        write(rows, "parquet", Map.of(), path);
    }

    /**
     * Writes {@code rows} in a format of files, as {@link #write(Dataset, String)} does.
     *
     * @param format as Spark names it: {@code parquet}, {@code csv}, {@code json}, ...
     * @param options of the format
     */
    public static void write(Dataset<Row> rows, String format, Map<String, String> options, String path) {
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
            recover(files, target);
            requireReplaceable(files, target);
            try {
                rows.write().format(format).options(options).save(fresh.toString());
                replace(files, target, fresh, old);
            } finally {
                files.delete(fresh, true);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot write the table %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    /**
     * Puts the table at {@code path} back in place if a program was killed between the two renames. Nothing happens
     * otherwise.
     *
     * @throws ArclightException UNAVAILABLE if the folder cannot be looked at or the table not be moved
     */
    public static void recover(SparkSession spark, String path) {
        Path target = new Path(path);
        try {
            recover(target.getFileSystem(spark.sessionState().newHadoopConf()), target);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot recover the table %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static void recover(FileSystem files, Path target) throws IOException {
        if (!files.exists(target.getParent())) {
            return;
        }
        // Exactly this table's: "trips" must not take what belongs to "trips.old".
        Pattern own = Pattern.compile(Pattern.quote("." + target.getName() + ".") + "[0-9a-f-]{36}\\.(old|new)");
        long dayAgo = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        for (FileStatus status : files.listStatus(target.getParent())) {
            Path path = status.getPath();
            String name = path.getName();
            if (!own.matcher(name).matches()) {
                continue;
            }
            if (name.endsWith(".old") && !files.exists(target)) {
                // Its new table is whole: it was about to take the place.
                Path fresh = new Path(path.getParent(), name.replaceFirst("old$", "new"));
                Path found = files.exists(new Path(fresh, MARK)) ? fresh : path;
                if (!files.rename(found, target)) {
                    throw new IOException("cannot move " + found + " back into place");
                }
                if (found.equals(fresh)) {
                    files.delete(path, true);
                }
            } else if (status.getModificationTime() < dayAgo) {
                files.delete(path, true);
            }
        }
    }

    /** Replacing deletes: only what a writer of tables has made, so that a slip of the pen costs nobody a folder. */
    private static void requireReplaceable(FileSystem files, Path target) throws IOException {
        FileStatus[] content;
        try {
            if (files.getFileStatus(target).isFile()) {
                throw ArclightException.badInput(
                        "%s is a file, the folder of a table was expected: name another one".formatted(target));
            }
            content = files.listStatus(target);
        } catch (FileNotFoundException e) {
            return;
        }
        boolean marked = false;
        for (FileStatus one : content) {
            String name = one.getPath().getName();
            marked |= name.equals(MARK);
            if (!isOfTable(name, one.isDirectory())) {
                throw foreign(target, "it holds '%s'".formatted(name));
            }
        }
        if (content.length > 0 && !marked) {
            throw foreign(target, "it has no " + MARK);
        }
    }

    private static boolean isOfTable(String name, boolean folder) {
        return folder
                ? name.matches("[^._][^=]*=.*")
                : name.matches("part-.*|_SUCCESS|_metadata|_common_metadata|_(started|committed)_.*|\\..*\\.crc");
    }

    private static ArclightException foreign(Path target, String why) {
        return ArclightException.badInput(
                "%s is no table that could be replaced (%s): its content would be lost, so name another folder, or empty this one"
                        .formatted(target, why));
    }

    private static void replace(FileSystem files, Path target, Path fresh, Path old) throws IOException {
        if (!files.exists(new Path(fresh, MARK))) {
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
