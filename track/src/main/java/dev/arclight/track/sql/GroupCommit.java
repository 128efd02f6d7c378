package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.sql.Session.Work;
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
    private static final long MAX_GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long WAIT_SECONDS = 120;

    private final Connections connections;
    private final BlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
    private final Object lifecycle = new Object();
    private @Nullable Thread thread;
    private boolean closed;
    private @Nullable Session session; // of the thread, once that runs

    GroupCommit(Connections connections, Session first) {
        this.connections = connections;
        this.session = first;
    }

    /** Does {@code work} in the writer's thread; returns when it is on the disk. */
    <T> T write(Work<T> work) {
        Pending<T> pending = new Pending<>(work);
        synchronized (lifecycle) {
            if (closed) {
                throw WriterAndReaders.closed(connections);
            }
            if (thread == null) {
                thread = new Thread(this::run, "arclight-tracking-writer");
                thread.setDaemon(true);
                thread.start();
            }
            queue.add(pending);
        }
        return pending.await(connections.name());
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
        int expected = 1;
        long gatherNanos = 0;
        while (!end) {
            group.clear();
            try {
                group.add(queue.take());
                gather(group, expected, gatherNanos);
            } catch (InterruptedException e) {
                if (group.isEmpty()) {
                    continue; // nobody has a reason to interrupt this thread; close() ends it
                }
            }
            end = group.remove(Pending.END);
            if (!group.isEmpty()) {
                long start = System.nanoTime();
                commit(group);
                gatherNanos = Math.min(MAX_GATHER_NANOS, (System.nanoTime() - start) / 2);
                expected = Math.min(MAX_GROUP, group.size() + queue.size());
            }
        }
        closeSession();
    }

    /**
     * Fills a group. Callers that write one thing after the other come back right after the commit that they waited
     * for: as many as were answered then, and stood in line, are expected now, and waited for up to half the time that
     * a commit takes. Without that half of them would miss each commit, and two would be needed for what one can hold.
     * A single caller never waits.
     */
    private void gather(List<Pending<?>> group, int expected, long patienceNanos) throws InterruptedException {
        queue.drainTo(group, MAX_GROUP - 1);
        long until = System.nanoTime() + patienceNanos;
        while (group.size() < expected && !group.contains(Pending.END)) {
            Pending<?> next = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            group.add(next);
        }
    }

    private void commit(List<Pending<?>> group) {
        boolean committing = false;
        try {
            Session current = begin();
            for (Pending<?> pending : group) {
                one(current, pending, group.size() == 1);
            }
            committing = true;
            current.control("COMMIT");
        } catch (SQLException | RuntimeException | Error e) {
            Throwable explained = e instanceof SQLException sql ? explain(sql, committing) : e;
            rollBack(e);
            group.forEach(pending -> pending.fail(explained));
            return;
        }
        group.forEach(Pending::finish);
    }

    /** Begins on the connection there is, or on a new one where that was lost since the last commit. */
    private Session begin() throws SQLException {
        Session current = session;
        if (current != null) {
            try {
                current.control(connections.beginWriting());
                return current;
            } catch (SQLException e) {
                if (!connections.isLost(e)) {
                    throw e;
                }
                closeSession();
            }
        }
        current = connections.openWriter();
        session = current;
        current.control(connections.beginWriting());
        return current;
    }

    private ArclightException explain(SQLException cause, boolean committing) {
        ArclightException explained = connections.explain(cause);
        return committing && connections.isLost(cause)
                ? new ArclightException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "The connection to %s broke while it committed: look whether the write took effect before you repeat it"
                                .formatted(connections.name()),
                        explained)
                : explained;
    }

    private void rollBack(Throwable because) {
        Session current = session;
        if (current == null) {
            return;
        }
        current.metricKeys().clear();
        try {
            current.control("ROLLBACK");
        } catch (SQLException rollback) {
            because.addSuppressed(rollback); // SQLite has rolled back by itself, as for a full disk
            if (connections.isLost(rollback)) {
                closeSession();
            }
        }
    }

    private void one(Session current, Pending<?> pending, boolean alone) throws SQLException {
        if (!alone) {
            current.control("SAVEPOINT one");
        }
        try {
            pending.run(current);
        } catch (SQLException | RuntimeException | Error e) {
            current.metricKeys().clear();
            if (alone) {
                throw e;
            }
            current.control("ROLLBACK TO one"); // throws if the database has rolled back all: then all fail
            pending.fail(e instanceof SQLException sql ? connections.explain(sql) : e);
        }
        if (!alone) {
            current.control("RELEASE one");
        }
    }

    private void closeSession() {
        Session current = session;
        session = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                org.slf4j.LoggerFactory.getLogger(GroupCommit.class)
                        .warn("Closing a connection to {} failed", connections.name(), e);
            }
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
        T await(String name) {
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
                        "Waited %d s for %s to take a write, which may still happen".formatted(WAIT_SECONDS, name),
                        e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ArclightException known) {
                    throw new ArclightException(known.code(), String.valueOf(known.getMessage()), known);
                }
                throw new ArclightException(
                        ErrorCode.INTERNAL, "A write to %s failed: %s".formatted(name, e.getCause()), e.getCause());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
