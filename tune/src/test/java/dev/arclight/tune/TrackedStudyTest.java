package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Metric;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.Tracking;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies on the embedded store. */
class TrackedStudyTest {
    private static final SearchSpace SPACE = SearchSpace.builder()
            .quniform("depth", 1, 9, 1)
            .loguniform("rate", -3, 0)
            .choice("kind", "a", "b")
            .when("kind", "b", b -> b.integer("leaves", 1, 1000))
            .build();

    @TempDir
    Path folder;

    private static double objective(Trial trial) {
        double end = trial.real("rate") * trial.integer("depth");
        for (int step = 0; step < 5; step++) {
            trial.report(step, end * (step + 1) / 5);
        }
        trial.note("trees", trial.number() + 0.5);
        if (trial.number() % 6 == 4) {
            throw new IllegalStateException("sixth");
        }
        return end;
    }

    private static Study study() {
        return Study.over(SPACE).maximize("auc").trials(30).seed(9).pruner(Pruner.median(5, 2));
    }

    @Test
    void eachTrialIsANestedRunWithItsHistory() {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            Run parent;
            StudyResult result;
            try (ActiveRun run = tracking.start(RunStart.in(tracking.experiment("wine")))) {
                result = study().parallelism(2).track(tracking, run).run(TrackedStudyTest::objective);
                parent = run.snapshot();
            }
            Map<String, Run> children = tracking.runs(RunSearch.childrenOf(parent)).items().stream()
                    .collect(Collectors.toMap(r -> r.tags().get("arclight.trial"), Function.identity()));
            assertThat(children).hasSize(30);
            for (FinishedTrial trial : result.trials()) {
                Run run = Objects.requireNonNull(children.get(String.valueOf(trial.number())));
                boolean failed = trial.outcome() instanceof Outcome.Failed;
                assertThat(run.status()).isEqualTo(failed ? RunStatus.FAILED : RunStatus.FINISHED);
                assertThat(run.params()).hasSameSizeAs(trial.parameters());
                assertThat(Double.valueOf(run.params().get("rate")))
                        .isEqualTo(trial.parameters().get("rate"));
                assertThat(run.params().get("depth")).doesNotContain(".");
                List<Double> history = tracking.runs().history(run.id(), "auc").stream()
                        .map(Metric::value)
                        .toList();
                trial.value().ifPresent(value -> {
                    assertThat(history).hasSize(6).endsWith(value);
                    assertThat(run.metric("auc")).hasValue(value);
                    assertThat(run.metric("trees")).hasValue(trial.number() + 0.5);
                });
            }
        }
    }

    @Test
    void aStudyGoesOnFromTrackingAndEndsAsIfItHadNotDied() {
        StudyResult whole = study().run(TrackedStudyTest::objective);
        try (Tracking tracking = Tracking.open(folder.toString())) {
            ActiveRun run = tracking.start(RunStart.in(tracking.experiment("wine")));
            // The process dies in trial 17: nothing but what is in the store is left of it.
            assertThatThrownBy(() -> study().track(tracking, run).run(trial -> {
                        if (trial.number() == 17) {
                            throw new OutOfMemoryError("as if killed");
                        }
                        return objective(trial);
                    }))
                    .isInstanceOf(OutOfMemoryError.class);

            Run stored = run.snapshot();
            AtomicInteger calls = new AtomicInteger();
            try (ActiveRun again = tracking.resume(stored.id())) {
                StudyResult resumed = study().resume(tracking, stored)
                        .track(tracking, again)
                        .parallelism(2)
                        .run(trial -> {
                            calls.incrementAndGet();
                            return objective(trial);
                        });
                assertThat(calls).hasValue(13);
                assertThat(resumed.trials())
                        .extracting(t -> t.parameters() + " " + t.outcome() + " " + t.notes())
                        .isEqualTo(whole.trials().stream()
                                .map(t -> t.parameters() + " " + t.outcome() + " " + t.notes())
                                .toList());
            }
        }
    }

    @Test
    void aRunOfAnotherSpaceCannotBeResumed() {
        try (Tracking tracking = Tracking.open(folder.toString());
                ActiveRun run = tracking.start(RunStart.in(tracking.experiment("wine")))) {
            study().trials(3).track(tracking, run).run(trial -> 1);
            SearchSpace other = SearchSpace.builder().choice("kind", "c", "d").build();
            assertThatThrownBy(() -> Study.over(other).maximize("auc").resume(tracking, run.snapshot()))
                    .isInstanceOf(ArclightException.class)
                    .hasMessageStartingWith("Cannot resume: trial ");
        }
    }

    /** Would catch a run that seems to go on for ever. */
    @Test
    void aTrialThatEndsTheStudyByAnErrorIsMarkedToo() {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            ActiveRun run = tracking.start(RunStart.in(tracking.experiment("wine")));
            assertThatThrownBy(() -> study().track(tracking, run).run(trial -> {
                        throw new NoClassDefFoundError("no such library");
                    }))
                    .isInstanceOf(NoClassDefFoundError.class);
            assertThat(tracking.runs(RunSearch.childrenOf(run.snapshot())).items())
                    .singleElement()
                    .satisfies(child -> assertThat(child.status()).isEqualTo(RunStatus.KILLED));
            run.close();
        }
    }
}
