package dev.arclight.tables;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Replaces some folders of a table that lies in folders, {@code year=2021/month=1}, and leaves the others alone. A
 * reader finds a folder's old content, its new one, or for an instant none, never a part. {@code _SUCCESS} stands in
 * each whole folder, and in the table's own while nobody is at work.
 *
 * <pre>{@code
 * try (AtomicPartitions output = AtomicPartitions.open(configuration, "out")) {
 *     rows.write().partitionBy("year", "month").parquet(output.staged("table"));
 *     output.publishPartitions("table", 2);
 *     output.commit();
 * }
 * }</pre>
 *
 * <p>What is new is staged in a hidden folder of the table. {@link #commit} first writes down every move, then makes
 * them: a program killed before that leaves the old table, one killed after it leaves moves that {@link #open}
 * finishes. On the local filesystem a lock keeps a second writer out; elsewhere one writer at a time is the caller's
 * affair. Not safe for use by many threads.
 */
public final class AtomicPartitions implements AutoCloseable {
    private static final String STAGING = ".staging-";
    private static final String JOURNAL = "COMMIT";
    private static final String SUCCESS = "_SUCCESS";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem files;
    private final Path table;
    private final Path staging;
    private final @Nullable FileChannel lock;
    private final List<Map<String, String>> moves = new ArrayList<>();
    private boolean committed;

    private AtomicPartitions(FileSystem files, Path table, Path staging, @Nullable FileChannel lock) {
        this.files = files;
        this.table = table;
        this.staging = staging;
        this.lock = lock;
    }

    /**
     * Makes the table's folder if needed, finishes or removes what a killed program left, and begins a change.
     *
     * @throws ArclightException CONFLICT if another program is changing the table; UNAVAILABLE if it cannot be written
     */
    public static AtomicPartitions open(Configuration configuration, String path) {
        Path table = new Path(path);
        if (table.isRoot()) {
            throw ArclightException.badInput("A table needs a folder of its own: " + path + " is a root");
        }
        try {
            FileSystem files = table.getFileSystem(configuration);
            if (files.exists(table) && files.getFileStatus(table).isFile()) {
                throw ArclightException.badInput("The output %s is a file: a folder was expected".formatted(path));
            }
            files.mkdirs(table);
            FileChannel lock = lock(files, table);
            try {
                recover(files, table);
                Path staging = new Path(table, STAGING + UUID.randomUUID());
                files.mkdirs(staging);
                return new AtomicPartitions(files, table, staging, lock);
            } catch (IOException | RuntimeException e) {
                if (lock != null) {
                    lock.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw failure(table, e);
        }
    }

    private static @Nullable FileChannel lock(FileSystem files, Path table) throws IOException {
        if (!"file".equals(files.getUri().getScheme())) {
            return null;
        }
        java.nio.file.Path folder =
                java.nio.file.Path.of(files.makeQualified(table).toUri().getPath());
        FileChannel channel =
                FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock held = channel.tryLock(); // given back by the system when the process ends, however that happens
            if (held != null) {
                return channel;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // The same answer.
        }
        channel.close();
        throw new ArclightException(
                ErrorCode.CONFLICT, "Another program is writing to %s: wait until it has ended".formatted(folder));
    }

    private static void recover(FileSystem files, Path table) throws IOException {
        for (FileStatus status : files.listStatus(table)) {
            if (!status.getPath().getName().startsWith(STAGING)) {
                continue;
            }
            Path journal = new Path(status.getPath(), JOURNAL);
            if (files.exists(journal)) {
                try (InputStream in = files.open(journal)) {
                    List<Map<String, String>> moves = JSON.readValue(in, new TypeReference<>() {});
                    move(files, table, status.getPath(), moves);
                }
            }
            files.delete(status.getPath(), true);
        }
    }

    /** A place inside the staging folder, for tasks to write to. */
    public String staged(String name) {
        return new Path(staging, name).toString();
    }

    /**
     * Has {@link #commit} put each partition under the staged table {@code name} in the place of the table's own.
     *
     * @param depth number of partition columns
     * @return {@link #stagedPartitions}
     */
    public List<String> publishPartitions(String name, int depth) throws IOException {
        List<String> partitions = stagedPartitions(name, depth);
        for (String partition : partitions) {
            files.create(new Path(new Path(staged(name), partition), SUCCESS), true)
                    .close();
            publish(name + "/" + partition, partition);
        }
        return partitions;
    }

    /** The partitions of the staged table {@code name}, such as {@code year=2021/month=1}, in order. */
    public List<String> stagedPartitions(String name, int depth) throws IOException {
        List<String> partitions = new ArrayList<>();
        Path root = new Path(staging, name);
        if (!files.exists(new Path(root, SUCCESS))) {
            throw new IOException("Spark left no " + SUCCESS + " in " + root);
        }
        collect(root, "", depth, partitions);
        partitions.sort(null);
        return partitions;
    }

    private void collect(Path folder, String prefix, int depth, List<String> into) throws IOException {
        for (FileStatus child : files.listStatus(folder)) {
            String name = child.getPath().getName();
            if (child.isDirectory() && name.contains("=")) {
                if (depth == 1) {
                    into.add(prefix + name);
                } else {
                    collect(child.getPath(), prefix + name + "/", depth - 1, into);
                }
            }
        }
    }

    /** Has {@link #commit} put what is staged as {@code name} at {@code target} in the table's folder. */
    public void publish(String name, String target) {
        moves.add(Map.of("from", name, "to", target));
    }

    /** Has {@link #commit} remove {@code target} from the table's folder if it is there. */
    public void remove(String target) {
        moves.add(Map.of("to", target));
    }

    /**
     * Makes the change. From the moment that the moves are written down it will happen, here or at the next
     * {@link #open}.
     *
     * @throws ArclightException UNAVAILABLE if it could not be begun; OUTCOME_UNKNOWN if it could not be finished
     */
    public void commit() {
        try {
            Path draft = new Path(staging, JOURNAL + ".draft");
            try (OutputStream out = files.create(draft, true)) {
                JSON.writeValue(out, moves);
            }
            if (!files.rename(draft, new Path(staging, JOURNAL))) {
                throw new IOException("cannot write down the moves in " + staging);
            }
        } catch (IOException e) {
            throw failure(table, e);
        }
        committed = true;
        try {
            move(files, table, staging, moves);
            files.delete(staging, true);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "The new parts of %s could not all be moved into place (%s): the next run on it finishes that"
                            .formatted(table, e.getMessage()),
                    e);
        }
    }

    /** Repeatable: a move that was made before finds nothing to move. */
    private static void move(FileSystem files, Path table, Path staging, List<Map<String, String>> moves)
            throws IOException {
        files.delete(new Path(table, SUCCESS), false);
        Path old = new Path(staging, "old");
        files.mkdirs(old);
        int number = 0;
        for (Map<String, String> move : moves) {
            Path to = new Path(table, java.util.Objects.requireNonNull(move.get("to")));
            String name = move.get("from");
            if (name == null) {
                files.delete(to, true);
                continue;
            }
            Path from = new Path(staging, name);
            if (!files.exists(from)) {
                continue;
            }
            files.mkdirs(to.getParent());
            Path aside = new Path(old, String.valueOf(number++));
            files.delete(aside, true);
            if (files.exists(to) && !files.rename(to, aside)) {
                throw new IOException("cannot move the old " + to + " aside");
            }
            if (!files.rename(from, to)) {
                throw new IOException("cannot move " + from + " to " + to);
            }
        }
        files.create(new Path(table, SUCCESS), true).close();
    }

    /** Removes what was staged and not committed, and lets others write. */
    @Override
    public void close() {
        try {
            try {
                if (!committed) {
                    files.delete(staging, true);
                }
            } finally {
                if (lock != null) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw failure(table, e);
        }
    }

    private static ArclightException failure(Path table, IOException e) {
        return new ArclightException(
                ErrorCode.UNAVAILABLE, "Cannot write the table %s: %s".formatted(table, e.getMessage()), e);
    }
}
