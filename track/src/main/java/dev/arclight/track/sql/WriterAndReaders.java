package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.sql.Session.Work;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A database used by one {@link GroupCommit writer} and up to four readers beside it, which never wait for one another.
 * Other processes may use it at the same time; their writers take turns.
 */
final class WriterAndReaders implements Database {
    private static final int READERS = 4;
    private static final long WAIT_SECONDS = 60;

    private final Connections connections;
    private final GroupCommit writer;
    private final Semaphore permits = new Semaphore(READERS, true);
    private final Deque<Session> idle = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private WriterAndReaders(Connections connections, Session first) {
        this.connections = connections;
        this.writer = new GroupCommit(connections, first);
    }

    /** Opens or makes the database, and leads its schema to the latest version. */
    static WriterAndReaders open(Connections connections) {
        return new WriterAndReaders(connections, connections.openWriter());
    }

    @Override
    public <T> T read(Work<T> work) {
        Session session = borrow();
        boolean healthy = false;
        try {
            session = begun(session);
            try {
                T result = work.in(session);
                session.control("COMMIT");
                healthy = true;
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                try {
                    session.control("ROLLBACK");
                    healthy = true;
                } catch (SQLException rollback) {
                    e.addSuppressed(rollback);
                }
                throw e;
            }
        } catch (SQLException e) {
            throw connections.explain(e);
        } finally {
            giveBack(session, healthy);
        }
    }

    /** The session with a transaction begun, or another one where its connection was lost while it was idle. */
    private Session begun(Session session) throws SQLException {
        try {
            session.control(connections.beginReading());
            return session;
        } catch (SQLException e) {
            if (!connections.isLost(e)) {
                throw e;
            }
            closeQuietly(session);
            Session fresh = connections.openReader();
            fresh.control(connections.beginReading());
            return fresh;
        }
    }

    @Override
    public <T> T write(Work<T> work) {
        return writer.write(work);
    }

    @Override
    public Dialect dialect() {
        return connections.dialect();
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
                            "Waited %d s for one of %d readers of %s"
                                    .formatted(WAIT_SECONDS, READERS, connections.name()));
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
                throw closed(connections);
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

    static ArclightException closed(Connections connections) {
        return new ArclightException(ErrorCode.BAD_STATE, "The store %s is closed".formatted(connections.name()));
    }

    private static void closeQuietly(@Nullable Session session) {
        if (session != null) {
            try {
                session.close();
            } catch (SQLException e) {
                // A reader has nothing to lose, and the file is closed by the operating system at the latest.
                org.slf4j.LoggerFactory.getLogger(WriterAndReaders.class).debug("Closing a reader failed", e);
            }
        }
    }
}
