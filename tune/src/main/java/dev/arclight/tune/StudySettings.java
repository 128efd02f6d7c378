package dev.arclight.tune;

import dev.arclight.base.Cleanup;
import dev.arclight.base.progress.Progress;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Tracking;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Study} is set to. Not changed once a study holds it. */
final class StudySettings {
    final SearchSpace space;
    String metric = "loss";
    Direction direction = Direction.MINIMIZE;
    int trials = 32;
    int parallelism = 1;
    long seed = 0;
    Sampler sampler = Sampler.tpe();
    Pruner pruner = Pruner.none();
    TrialPlace place = TrialPlace.HERE;
    String label = "sweep";
    Progress progress = Progress.NONE;
    List<TrialListener> listeners = List.of();
    List<FinishedTrial> known = List.of();

    @Nullable Tracking tracking;

    @Nullable ActiveRun trackedRun;

    @Nullable Cleanup cleanup;

    @Nullable Duration trialTimeout;

    StudySettings(SearchSpace space) {
        this.space = space;
    }

    StudySettings(StudySettings other) {
        space = other.space;
        metric = other.metric;
        direction = other.direction;
        trials = other.trials;
        parallelism = other.parallelism;
        seed = other.seed;
        sampler = other.sampler;
        pruner = other.pruner;
        place = other.place;
        label = other.label;
        progress = other.progress;
        listeners = other.listeners;
        known = other.known;
        tracking = other.tracking;
        trackedRun = other.trackedRun;
        cleanup = other.cleanup;
        trialTimeout = other.trialTimeout;
    }

    /** A suggestion uses the trials at least this much older than itself. */
    int lag() {
        return Math.max(parallelism, Study.REPRODUCIBLE_PARALLELISM);
    }
}
