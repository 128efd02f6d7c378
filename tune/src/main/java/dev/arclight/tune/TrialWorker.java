package dev.arclight.tune;

import dev.arclight.tune.Outcome.Completed;
import dev.arclight.tune.Outcome.Failed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that runs one trial after another. */
final class TrialWorker extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(TrialWorker.class);

    private final StudyRun run;
    private final StudySettings settings;
    private final Objective objective;

    TrialWorker(StudyRun run, StudySettings settings, Objective objective, int index) {
        super("trial-worker-" + index);
        setDaemon(true); // a trial that ignores its interrupt must not keep the JVM alive
        this.run = run;
        this.settings = settings;
        this.objective = objective;
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            StudyRun.Task task = run.next();
            while (task != null) {
                perform(task);
                task = run.next();
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped", e);
        } catch (Throwable e) { // handed to the study's caller
            failure = e;
        } finally {
            run.workerEnded(failure);
        }
    }

    private void perform(StudyRun.Task task) throws InterruptedException {
        TrialOrder order =
                new TrialOrder(task.number(), task.parameters(), task.known(), settings.pruner, settings.direction);
        Instant started = Instant.now();
        for (TrialListener listener : settings.listeners) {
            listener.started(task.number(), task.parameters());
        }
        long start = System.nanoTime();
        TrialEnd end;
        Deadline deadline = Deadline.start(this, settings.trialTimeout);
        try {
            end = settings.place.run(order, objective);
        } catch (Exception e) {
            end = TrialEnd.failed(e);
        } catch (Error e) { // ends the study, so that nobody would hear of this trial again
            stopped(task.number(), e);
            throw e;
        } finally {
            deadline.end();
        }
        Outcome outcome = end.outcome();
        Throwable failure = end.failure();
        if (deadline.passed() && !(outcome instanceof Completed)) {
            outcome = new Failed("Not done after " + settings.trialTimeout);
        }
        Thread.interrupted(); // the deadline's or the objective's own; a stop is seen in the next line
        if (run.isStopped()) {
            for (TrialListener listener : settings.listeners) {
                listener.stopped(task.number());
            }
            throw new InterruptedException("The study stopped");
        }
        if (failure != null) {
            LOG.warn("Trial {} failed with {}: {}", task.number(), task.parameters(), TrialEnd.reason(failure));
            LOG.debug("Trial {}", task.number(), failure);
        }
        FinishedTrial finished = new FinishedTrial(
                task.number(),
                task.parameters(),
                outcome,
                end.reports(),
                end.notes(),
                started,
                (System.nanoTime() - start) / 1e9);
        List<TrialListener> listeners = settings.listeners;
        listeners.forEach(listener -> listener.finished(finished));
        run.ended(finished, end.kept(), failure);
    }

    private void stopped(int number, Throwable because) {
        for (TrialListener listener : settings.listeners) {
            try {
                listener.stopped(number);
            } catch (RuntimeException e) {
                because.addSuppressed(e);
            }
        }
    }

    /** Interrupts a thread when its time is over, never after {@link #end}. */
    private static final class Deadline {
        private final Thread target;
        private boolean over;
        private boolean passed;
        private @Nullable Thread clock;

        private Deadline(Thread target) {
            this.target = target;
        }

        static Deadline start(Thread target, @Nullable Duration timeout) {
            Deadline deadline = new Deadline(target);
            if (timeout != null) {
                Thread clock = new Thread(() -> deadline.waitFor(timeout), target.getName() + "-deadline");
                clock.setDaemon(true);
                deadline.clock = clock;
                clock.start();
            }
            return deadline;
        }

        private synchronized void waitFor(Duration timeout) {
            long end = System.nanoTime() + timeout.toNanos();
            try {
                long left = end - System.nanoTime();
                while (!over && left > 0) {
                    wait(Math.max(1, left / 1_000_000));
                    left = end - System.nanoTime();
                }
            } catch (InterruptedException e) {
                return; // nobody interrupts this thread but the JVM's end
            }
            if (!over) {
                passed = true;
                target.interrupt();
            }
        }

        synchronized void end() {
            over = true;
            if (clock != null) {
                notifyAll();
            }
        }

        synchronized boolean passed() {
            return passed;
        }
    }
}
