package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.progress.Progress;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Searches a space for the parameters with the best value of an objective, several trials at a time.
 *
 * <pre>{@code
 * StudyResult result = Study.over(space)
 *         .maximize("validation_auc")
 *         .trials(32)
 *         .parallelism(2)
 *         .seed(123)
 *         .run(trial -> validationAuc(trial.integer("max_depth"), trial.real("learning_rate")));
 * }</pre>
 *
 * <p>Suggestion k is made from trials 0 to k-4 and from nothing else, so parallelism 1 to 4 gives the same trials;
 * above 4, k-{@code parallelism} takes the place of k-4, and the trials differ from those. Of trials between, the
 * sampler knows only what they try.
 *
 * <p>Each setting returns a new study. Immutable, safe for use by many threads.
 */
public final class Study {
    /** Greatest parallelism that gives the same trials as 1. */
    public static final int REPRODUCIBLE_PARALLELISM = 4;

    private final StudySettings settings;

    private Study(StudySettings settings) {
        this.settings = settings;
    }

    /** A study of 32 trials, one at a time, seed 0, multivariate TPE, that minimises "loss". */
    public static Study over(SearchSpace space) {
        return new Study(new StudySettings(space));
    }

    /** Higher values are better. */
    public Study maximize(String metric) {
        return with(s -> {
            s.metric = metric;
            s.direction = Direction.MAXIMIZE;
        });
    }

    /** Lower values are better. */
    public Study minimize(String metric) {
        return with(s -> {
            s.metric = metric;
            s.direction = Direction.MINIMIZE;
        });
    }

    /**
     * How many trials there will be.
     *
     * @param trials at least 1
     */
    public Study trials(int trials) {
        requirePositive("trials", trials);
        return with(s -> s.trials = trials);
    }

    /**
     * How many trials run at the same time, each on a thread of its own.
     *
     * @param parallelism at least 1
     */
    public Study parallelism(int parallelism) {
        requirePositive("parallelism", parallelism);
        return with(s -> s.parallelism = parallelism);
    }

    /** Same seed, same suggestions. */
    public Study seed(long seed) {
        return with(s -> s.seed = seed);
    }

    /** How parameters are chosen. */
    public Study sampler(Sampler sampler) {
        return with(s -> s.sampler = sampler);
    }

    /** Which trials are given up on the way; see {@link Trial#report}. */
    public Study pruner(Pruner pruner) {
        return with(s -> s.pruner = pruner);
    }

    /** Where trials run; on threads of this process unless set. */
    public Study on(TrialPlace place) {
        return with(s -> s.place = place);
    }

    /** Shows trials done and the best value so far, under {@code label}. */
    public Study progress(Progress progress, String label) {
        return with(s -> {
            s.progress = progress;
            s.label = label;
        });
    }

    /** Adds a listener; called in the order added. */
    public Study listener(TrialListener listener) {
        return with(s -> {
            List<TrialListener> listeners = new ArrayList<>(s.listeners);
            listeners.add(listener);
            s.listeners = List.copyOf(listeners);
        });
    }

    /**
     * Makes each trial a run nested in {@code run}: its parameters, each report as a point of the metric's history, the
     * value returned as the last point, notes and seconds as metrics. A stopped trial is KILLED. A trial's metrics are
     * written when it ends.
     *
     * @param tracking where {@code run} is
     * @param run of the study; stays open
     */
    public Study track(Tracking tracking, ActiveRun run) {
        return with(s -> {
            s.tracking = tracking;
            s.trackedRun = run;
        });
    }

    /**
     * Goes on with an earlier, interrupted run of the same study: these trials are not run again, and listeners do not
     * hear of them.
     *
     * @param finished trials of a study with the same space, seed and sampler, in any order, with or without gaps
     */
    public Study resume(List<FinishedTrial> finished) {
        List<FinishedTrial> known = List.copyOf(finished);
        return with(s -> s.known = known);
    }

    /**
     * Goes on with a study whose process died: takes over the trials that {@link #track} wrote below {@code run}. Set
     * the metric before. Trials that were running then are run again.
     *
     * @param tracking where {@code run} is
     * @param run of the earlier process
     * @throws ArclightException BAD_INPUT if the trials there are not of this space; what the store throws
     */
    public Study resume(Tracking tracking, Run run) {
        return resume(TrialArchive.load(tracking, run, settings.space, settings.metric));
    }

    /** Stops running trials when {@code cleanup} closes, such as on Ctrl-C. */
    public Study cleanup(Cleanup cleanup) {
        return with(s -> s.cleanup = cleanup);
    }

    /** Interrupts a trial that takes longer; it is recorded as failed. */
    public Study trialTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw ArclightException.badInput("The time-out of a trial must be above 0, but is " + timeout);
        }
        return with(s -> s.trialTimeout = timeout);
    }

    /**
     * Runs the trials and waits for them. An interrupt of the calling thread stops the study: running trials are
     * interrupted and waited for (10 s at most).
     *
     * @param objective called by {@code parallelism} threads at once
     * @throws ArclightException BAD_STATE if not one trial completed; CANCELLED if interrupted (the thread's interrupt
     *     flag is then set) or the clean-up closed; BAD_INPUT if trials to resume from are not of this study
     * @throws RuntimeException what a listener throws
     */
    public StudyResult run(Objective objective) {
        Tracking tracking = settings.tracking;
        ActiveRun run = settings.trackedRun;
        Study study =
                tracking == null || run == null ? this : listener(new TrackedTrials(tracking, run, settings.metric));
        return new StudyRun(study.settings, objective).run();
    }

    private Study with(Consumer<StudySettings> change) {
        StudySettings copy = new StudySettings(settings);
        change.accept(copy);
        return new Study(copy);
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw ArclightException.badInput("%s must be at least 1, but is %d".formatted(what, value));
        }
    }
}
