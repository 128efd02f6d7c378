package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.sql.Session.Work;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One SQLite file in write-ahead mode: one {@link GroupCommit writer} and up to four readers beside it, which never
 * wait for one another. Other processes may use the file at the same time; their writers take turns.
 */
final class SqliteDatabase implements Database {
    private static final int READERS = 4;
    private static final long WAIT_SECONDS = 60;

    private final Path file;
    private final SqliteConnections connections;
    private final GroupCommit writer;
    private final Semaphore permits = new Semaphore(READERS, true);
    private final Deque<Session> idle = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private SqliteDatabase(Path file, SqliteConnections connections, Session first) {
        this.file = file;
        this.connections = connections;
        this.writer = new GroupCommit(file, first);
    }

    /** Opens or makes the file, and leads its schema to the latest version. */
    static SqliteDatabase open(Path file) {
        SqliteConnections connections = new SqliteConnections(file);
        return new SqliteDatabase(file, connections, connections.openWriter());
    }

    @Override
    public <T> T read(Work<T> work) {
        Session session = borrow();
        boolean healthy = false;
        try {
            session.execute("BEGIN");
            try {
                T result = work.in(session);
                session.execute("COMMIT");
                healthy = true;
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                try {
                    session.execute("ROLLBACK");
                    healthy = true;
                } catch (SQLException rollback) {
                    e.addSuppressed(rollback);
                }
                throw e;
            }
        } catch (SQLException e) {
            throw SqliteErrors.explain(file, e);
        } finally {
            giveBack(session, healthy);
        }
    }

    @Override
    public <T> T write(Work<T> work) {
        return writer.write(work);
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            for (Session session : idle) {
                closeQuietly(session);
            }
            idle.clear();
        } finally {
            lock.unlock();
        }
        writer.close();
    }

    private Session borrow() {
        boolean taken = false;
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!taken) {
            try {
                if (!permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new ArclightException(
                            ErrorCode.TIMEOUT,
                            "Waited %d s for one of %d readers of %s".formatted(WAIT_SECONDS, READERS, file));
                }
                taken = true;
            } catch (InterruptedException e) {
                interrupted = true; // a read is short, and whoever interrupts wants the run marked KILLED
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            if (closed) {
                permits.release();
                throw closed(file);
            }
            Session session = idle.pollFirst();
            if (session != null) {
                return session;
            }
        } finally {
            lock.unlock();
        }
        try {
            return connections.openReader();
        } catch (RuntimeException e) {
            permits.release();
            throw e;
        }
    }

    private void giveBack(Session session, boolean healthy) {
        lock.lock();
        try {
            if (healthy && !closed) {
                idle.addFirst(session);
            } else {
                closeQuietly(session);
            }
        } finally {
            lock.unlock();
            permits.release();
        }
    }

    static ArclightException closed(Path file) {
        return new ArclightException(ErrorCode.BAD_STATE, "The store %s is closed".formatted(file));
    }

    private static void closeQuietly(@Nullable Session session) {
        if (session != null) {
            try {
                session.close();
            } catch (SQLException e) {
                // A reader has nothing to lose, and the file is closed by the operating system at the latest.
                org.slf4j.LoggerFactory.getLogger(SqliteDatabase.class).debug("Closing a reader failed", e);
            }
        }
    }
}
