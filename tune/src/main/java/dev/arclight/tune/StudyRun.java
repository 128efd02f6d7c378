package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.tune.History.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One run of a study: hands out trials in order, keeps what became of them. */
final class StudyRun {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final StudySettings settings;
    private final Objective objective;
    private final Progress.Task task;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock:
    private final List<Map<String, Object>> suggested = new ArrayList<>();
    private final @Nullable FinishedTrial[] finished;
    private int finishedInOrder;
    private int runningWorkers;
    private boolean stopped;
    private @Nullable Throwable fatal;
    private @Nullable Throwable firstFailure;
    private @Nullable FinishedTrial best;
    private @Nullable Object kept;

    StudyRun(StudySettings settings, Objective objective) {
        this.settings = settings;
        this.objective = objective;
        this.finished = new FinishedTrial[settings.trials];
        this.task = settings.progress.start(settings.label, settings.trials, "trials");
        for (FinishedTrial trial : settings.known) {
            if (trial.number() < settings.trials) {
                finished[trial.number()] = trial;
                better(trial);
            }
        }
    }

    StudyResult run() {
        long start = System.nanoTime();
        List<TrialWorker> workers = new ArrayList<>();
        int count = Math.min(settings.parallelism, settings.trials);
        Cleanup.Registration registration =
                settings.cleanup == null ? () -> {} : settings.cleanup.register(() -> stop(workers));
        try (task;
                registration) {
            lock.lock();
            try {
                for (int i = 0; i < count && !stopped; i++) {
                    TrialWorker worker = new TrialWorker(this, settings, objective, i);
                    workers.add(worker);
                    runningWorkers++;
                    worker.start();
                }
                while (runningWorkers > 0 && !stopped) {
                    changed.await();
                }
            } catch (InterruptedException e) {
                lock.unlock();
                try {
                    stop(workers);
                } finally {
                    lock.lock();
                }
                task.fail("interrupted");
                Thread.currentThread().interrupt();
                throw new ArclightException(ErrorCode.CANCELLED, "The sweep was interrupted", e);
            } finally {
                lock.unlock();
            }
            rethrow(workers);
            return result((System.nanoTime() - start) / 1e9);
        }
    }

    /** A trial that may start now. */
    record Task(int number, Map<String, Object> parameters, List<FinishedTrial> known) {}

    /**
     * Waits until the next trial may start.
     *
     * @return null when there is none left or the study stops
     */
    @Nullable Task next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                int number = suggested.size();
                if (stopped || number >= settings.trials) {
                    return null;
                }
                int usable = Math.max(0, number - settings.lag() + 1);
                if (finishedInOrder < usable) {
                    changed.await();
                    continue;
                }
                Map<String, Object> parameters = suggest(number, usable);
                suggested.add(parameters);
                FinishedTrial known = finished[number];
                if (known == null) {
                    return new Task(number, parameters, known(usable));
                }
                requireSame(known, parameters);
                task.advance(1);
                advance();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes in how a trial ended. */
    void ended(FinishedTrial trial, @Nullable Object made, @Nullable Throwable failure) {
        lock.lock();
        try {
            finished[trial.number()] = trial;
            if (failure != null && firstFailure == null) {
                firstFailure = failure;
            }
            if (better(trial)) {
                kept = made;
            }
            task.advance(1);
            FinishedTrial leader = best;
            if (leader != null) {
                task.note(
                        "best %s %.5g".formatted(settings.metric, leader.value().orElseThrow()));
            }
            advance();
        } finally {
            lock.unlock();
        }
    }

    void workerEnded(@Nullable Throwable failure) {
        lock.lock();
        try {
            runningWorkers--;
            if (failure != null) {
                stopped = true;
                if (fatal == null) {
                    fatal = failure;
                } else {
                    fatal.addSuppressed(failure);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Object> suggest(int number, int usable) {
        List<Observation> observations = new ArrayList<>();
        for (FinishedTrial trial : known(usable)) {
            Observation observation = trial.outcome()
                    .fold(
                            c -> new Observation(trial.parameters(), settings.direction.loss(c.value()), -1),
                            p -> new Observation(trial.parameters(), settings.direction.loss(p.value()), p.step()),
                            f -> null);
            if (observation != null) {
                observations.add(observation);
            }
        }
        History history = new History(observations, List.copyOf(suggested.subList(usable, number)));
        return settings.sampler.suggest(settings.space, history, number, stream(settings.seed, number));
    }

    /** Random numbers of a trial's own. Scrambled twice: nearby seeds of this generator give shifted streams. */
    static SplittableRandom stream(long seed, int number) {
        long scrambled = new SplittableRandom(seed).nextLong();
        return new SplittableRandom(new SplittableRandom(scrambled + number).nextLong());
    }

    private List<FinishedTrial> known(int usable) {
        return Arrays.stream(finished, 0, usable).map(Objects::requireNonNull).toList();
    }

    private void advance() {
        while (finishedInOrder < suggested.size() && finished[finishedInOrder] != null) {
            finishedInOrder++;
        }
        changed.signalAll();
    }

    private boolean better(FinishedTrial trial) {
        if (trial.value().isEmpty()) {
            return false;
        }
        double loss = settings.direction.loss(trial.value().getAsDouble());
        FinishedTrial leader = best;
        if (leader != null) {
            double leading = settings.direction.loss(leader.value().orElseThrow());
            if (loss > leading || (loss == leading && trial.number() > leader.number())) {
                return false;
            }
        }
        best = trial;
        kept = null;
        return true;
    }

    private static void requireSame(FinishedTrial known, Map<String, Object> parameters) {
        if (!known.parameters().equals(parameters)) {
            throw ArclightException.badInput(
                    "Cannot resume: trial %d tried %s, but with this space, seed and sampler it would try %s. Use the settings of the earlier run, or start a new study"
                            .formatted(known.number(), known.parameters(), parameters));
        }
    }

    /** Ends all workers and waits for them. Any thread but a worker's. */
    private void stop(List<TrialWorker> workers) {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
            workers.forEach(Thread::interrupt);
            long left = STOP_TIMEOUT.toNanos();
            while (runningWorkers > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void rethrow(List<TrialWorker> workers) {
        Throwable failure;
        boolean cancelled;
        lock.lock();
        try {
            failure = fatal;
            cancelled = stopped;
        } finally {
            lock.unlock();
        }
        if (!cancelled) {
            return;
        }
        stop(workers);
        if (failure == null) {
            task.fail("stopped");
            throw new ArclightException(ErrorCode.CANCELLED, "The sweep was stopped");
        }
        task.fail(String.valueOf(failure.getMessage()));
        if (failure instanceof Error error) {
            throw error;
        }
        throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }

    private StudyResult result(double seconds) {
        lock.lock();
        try {
            List<FinishedTrial> all = known(settings.trials);
            if (best == null) {
                String reason =
                        all.get(0).outcome().fold(c -> "", p -> "pruned at step " + p.step(), Outcome.Failed::reason);
                task.fail("no trial completed");
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "Not one of %d trials completed; the first: %s".formatted(all.size(), reason),
                        firstFailure);
            }
            return new StudyResult(settings.metric, settings.direction, all, seconds, kept);
        } finally {
            lock.unlock();
        }
    }
}
