package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.sql.Session.Work;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a database. What comes in while a commit is on its way to the disk is committed together next, so
 * that many threads share one wait for the disk. Each piece of work is all or nothing by itself: one that fails does
 * not touch its neighbours.
 */
final class GroupCommit implements AutoCloseable {
    private static final int MAX_GROUP = 256;
    private static final long WAIT_SECONDS = 120;

    private final Path file;
    private final Session session;
    private final BlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
    private final Object lifecycle = new Object();
    private @Nullable Thread thread;
    private boolean closed;

    GroupCommit(Path file, Session session) {
        this.file = file;
        this.session = session;
    }

    /** Does {@code work} in the writer's thread; returns when it is on the disk. */
    <T> T write(Work<T> work) {
        Pending<T> pending = new Pending<>(work);
        synchronized (lifecycle) {
            if (closed) {
                throw SqliteDatabase.closed(file);
            }
            if (thread == null) {
                thread = new Thread(this::run, "arclight-tracking-writer");
                thread.setDaemon(true);
                thread.start();
            }
            queue.add(pending);
        }
        return pending.await(file);
    }

    /** Ends after all that was handed in is written. */
    @Override
    public void close() {
        Thread running;
        synchronized (lifecycle) {
            if (closed) {
                return;
            }
            closed = true;
            running = thread;
            queue.add(Pending.END);
        }
        if (running != null) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the thread closes the session when it is done
                return;
            }
        } else {
            closeSession();
        }
    }

    private void run() {
        List<Pending<?>> group = new ArrayList<>();
        boolean end = false;
        while (!end) {
            group.clear();
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                continue; // nobody has a reason to interrupt this thread; close() ends it
            }
            queue.drainTo(group, MAX_GROUP - 1);
            end = group.remove(Pending.END);
            if (!group.isEmpty()) {
                commit(group);
            }
        }
        closeSession();
    }

    private void commit(List<Pending<?>> group) {
        try {
            session.execute("BEGIN IMMEDIATE");
            for (Pending<?> pending : group) {
                one(pending, group.size() == 1);
            }
            session.execute("COMMIT");
        } catch (SQLException | RuntimeException | Error e) {
            session.metricKeys().clear();
            try {
                session.execute("ROLLBACK");
            } catch (SQLException rollback) {
                e.addSuppressed(rollback); // SQLite has rolled back by itself, as for a full disk
            }
            Throwable explained = e instanceof SQLException sql ? SqliteErrors.explain(file, sql) : e;
            group.forEach(pending -> pending.fail(explained));
            return;
        }
        group.forEach(Pending::finish);
    }

    private void one(Pending<?> pending, boolean alone) throws SQLException {
        if (!alone) {
            session.execute("SAVEPOINT one");
        }
        try {
            pending.run(session);
        } catch (SQLException | RuntimeException | Error e) {
            session.metricKeys().clear();
            if (alone) {
                throw e;
            }
            session.execute("ROLLBACK TO one"); // throws if SQLite has rolled back all: then all fail
            pending.fail(e instanceof SQLException sql ? SqliteErrors.explain(file, sql) : e);
        }
        if (!alone) {
            session.execute("RELEASE one");
        }
    }

    private void closeSession() {
        try {
            session.close();
        } catch (SQLException e) {
            org.slf4j.LoggerFactory.getLogger(GroupCommit.class).warn("Closing {} failed", file, e);
        }
    }

    /** Work that waits for its commit. */
    private static final class Pending<T> {
        static final Pending<Void> END = new Pending<>(session -> {
            throw new IllegalStateException("Never run");
        });

        private final Work<T> work;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T result;

        Pending(Work<T> work) {
            this.work = work;
        }

        void run(Session session) throws SQLException {
            result = work.in(session);
        }

        @SuppressWarnings("NullAway") // a work may give null: it is what it gave
        void finish() {
            future.complete(result);
        }

        void fail(Throwable cause) {
            future.completeExceptionally(cause);
        }

        /** Waits even in an interrupted thread: what was handed in is written anyway, and the caller must know how. */
        T await(Path file) {
            boolean interrupted = false;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            try {
                while (true) {
                    try {
                        return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } catch (TimeoutException e) {
                throw new ArclightException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "Waited %d s for %s to take a write, which may still happen".formatted(WAIT_SECONDS, file),
                        e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ArclightException known) {
                    throw new ArclightException(known.code(), String.valueOf(known.getMessage()), known);
                }
                throw new ArclightException(
                        ErrorCode.INTERNAL, "A write to %s failed: %s".formatted(file, e.getCause()), e.getCause());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
