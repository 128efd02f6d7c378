package dev.arclight.tables.files;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Copies files, several at a time; for one copy. Each is written beside its target under a hidden name and renamed when
 * it is whole; one whose target has its length and is not older is not copied again. So a copy that was stopped is
 * resumed by the same copy. A file that fails does not stop the others.
 */
final class TreeCopy {
    private static final int BUFFER = 1 << 20;
    private static final String UNFINISHED = ".arclight-copy";
    private static final Duration STOPPING = Duration.ofSeconds(60);

    private final FileSystem from;
    private final FileSystem to;
    private final Progress.Task progress;
    private final Cleanup cleanup;
    /** Threads look at this rather than being interrupted, which Hadoop's filesystems take for broken files. */
    private volatile boolean stopped;

    /** What is to be copied. */
    record Item(FileStatus source, Path target) {}

    /**
     * What became of it.
     *
     * @param failures sentences, one for each file
     */
    record Result(long copied, long present, long bytes, List<String> failures) {}

    private record Done(boolean copied, long bytes) {}

    /** @param cleanup closed when the user wants to stop */
    TreeCopy(FileSystem from, FileSystem to, Progress.Task progress, Cleanup cleanup) {
        this.from = from;
        this.to = to;
        this.progress = progress;
        this.cleanup = cleanup;
    }

    /**
     * Copies.
     *
     * @param threads files at a time, at least 1
     * @throws ArclightException CANCELLED if the user stopped it
     */
    Result copy(List<Item> items, int threads) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        long copied = 0;
        long present = 0;
        long bytes = 0;
        List<String> failures = new ArrayList<>();
        try {
            List<Future<Done>> all = new ArrayList<>();
            for (Item item : items) {
                all.add(pool.submit(() -> one(item)));
            }
            for (int i = 0; i < all.size(); i++) {
                try {
                    Done done = all.get(i).get();
                    copied += done.copied() ? 1 : 0;
                    present += done.copied() ? 0 : 1;
                    bytes += done.bytes();
                } catch (ExecutionException e) {
                    Throwable why = Objects.requireNonNullElse(e.getCause(), e);
                    if (why instanceof ArclightException known && known.code() == ErrorCode.CANCELLED) {
                        throw known;
                    }
                    failures.add("%s: %s"
                            .formatted(Tree.shown(items.get(i).source().getPath()), String.valueOf(why.getMessage())));
                }
            }
        } finally {
            stopped = true;
            pool.shutdown();
            if (!pool.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow(); // a filesystem that hangs
            }
        }
        return new Result(copied, present, bytes, failures);
    }

    private Done one(Item item) throws IOException {
        requireGoing();
        FileStatus source = item.source();
        Optional<FileStatus> there = status(item.target());
        if (there.isPresent() && there.get().isDirectory()) {
            throw new IOException("its target %s is a folder".formatted(Tree.shown(item.target())));
        }
        if (there.isPresent()
                && there.get().getLen() == source.getLen()
                && there.get().getModificationTime() >= source.getModificationTime()) {
            progress.advance(source.getLen());
            return new Done(false, 0);
        }
        Path unfinished =
                new Path(item.target().getParent(), "." + item.target().getName() + UNFINISHED);
        try {
            long length = write(source.getPath(), unfinished);
            if (length != source.getLen()) {
                throw new IOException(
                        "it changed while it was copied (%d bytes, then %d)".formatted(source.getLen(), length));
            }
            if (there.isPresent()) {
                to.delete(item.target(), false);
            }
            if (!to.rename(unfinished, item.target())) {
                throw new IOException("cannot rename %s to %s"
                        .formatted(Tree.shown(unfinished), item.target().getName()));
            }
        } catch (IOException | RuntimeException e) {
            try {
                to.delete(unfinished, false);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        return new Done(true, source.getLen());
    }

    private long write(Path source, Path target) throws IOException {
        long length = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = from.open(source);
                OutputStream out = to.create(target, true)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                requireGoing();
                out.write(buffer, 0, n);
                length += n;
                progress.advance(n);
            }
        }
        return length;
    }

    private void requireGoing() {
        if (stopped || cleanup.isClosed()) {
            throw new ArclightException(
                    ErrorCode.CANCELLED, "The copy was stopped: the same command goes on where it was");
        }
    }

    private Optional<FileStatus> status(Path path) throws IOException {
        try {
            return Optional.of(to.getFileStatus(path));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }
}
