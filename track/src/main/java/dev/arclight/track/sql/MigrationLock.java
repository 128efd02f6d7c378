package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the programs and threads apart that would lead one SQLite file to a newer schema at once. It is a file of its
 * own: to lock the database file itself and close it again would drop SQLite's own locks.
 */
final class MigrationLock {
    private static final long WAIT_SECONDS = 60;

    private final FileChannel channel;

    private MigrationLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for the lock of {@code database}. */
    static MigrationLock take(Path database) {
        Path file = database.resolveSibling(database.getFileName() + "-migration");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                while (tryLock(channel) == null) {
                    if (System.nanoTime() > deadline) {
                        throw new ArclightException(
                                ErrorCode.TIMEOUT,
                                "Waited %d s for another program that leads the store %s to a newer schema"
                                        .formatted(WAIT_SECONDS, database));
                    }
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                return new MigrationLock(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            } catch (InterruptedException e) {
                channel.close();
                Thread.currentThread().interrupt();
                throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while opening the store", e);
            }
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot lock %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // a thread of this program has it
        }
    }

    /** Gives the lock back. */
    void close() {
        try {
            channel.close(); // and with it the lock
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(MigrationLock.class).warn("Closing a lock file failed", e);
        }
    }
}
