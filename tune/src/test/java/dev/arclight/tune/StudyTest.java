package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.tune.Outcome.Failed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTest {
    private static final SearchSpace SPACE = SearchSpace.builder()
            .uniform("x", -5, 5)
            .loguniform("rate", -3, 0)
            .quniform("depth", 4, 100, 1)
            .choice("kind", "linear", "tree")
            .when("kind", "tree", tree -> tree.integer("leaves", 2, 64))
            .build();

    private static double bowl(Trial trial) {
        double leaves = trial.has("leaves") ? trial.integer("leaves") / 64.0 : 0.5;
        return Math.pow(trial.real("x") - 1, 2) + Math.abs(trial.real("rate") - 0.3) + leaves;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void parallelismAndSpeedOfTrialsDoNotChangeTheTrials(long seed) {
        List<Map<String, Object>> sequential =
                parameters(Study.over(SPACE).trials(60).seed(seed).run(StudyTest::bowl));
        for (int parallelism = 2; parallelism <= 4; parallelism++) {
            Random random = new Random(seed * 31 + parallelism);
            List<Long> delays = Collections.synchronizedList(
                    new ArrayList<>(random.longs(60, 0, 3_000_000).boxed().toList()));
            StudyResult result = Study.over(SPACE)
                    .trials(60)
                    .seed(seed)
                    .parallelism(parallelism)
                    .run(trial -> {
                        LockSupport.parkNanos(delays.get(trial.number()));
                        if (trial.number() % 7 == 3) {
                            throw new IllegalStateException("as every seventh");
                        }
                        return bowl(trial);
                    });
            StudyResult alone = Study.over(SPACE).trials(60).seed(seed).run(trial -> {
                if (trial.number() % 7 == 3) {
                    throw new IllegalStateException("as every seventh");
                }
                return bowl(trial);
            });
            assertThat(parameters(result)).isEqualTo(parameters(alone));
            // The first to depend on results is the one after the start-up trials and the lag.
            assertThat(parameters(result).subList(0, 10)).isEqualTo(sequential.subList(0, 10));
        }
    }

    @Test
    void trialsRunAtTheSameTime() {
        CountDownLatch together = new CountDownLatch(4);
        StudyResult result = Study.over(SPACE).trials(8).parallelism(4).run(trial -> {
            together.countDown();
            assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            return bowl(trial);
        });
        assertThat(result.trials())
                .hasSize(8)
                .allSatisfy(t -> assertThat(t.value()).isPresent());
    }

    @Test
    void aFailedTrialDoesNotFailTheStudy() {
        StudyResult result = Study.over(SPACE).maximize("score").trials(20).run(trial -> {
            if (trial.number() == 3) {
                throw new IllegalStateException("no memory on the device");
            }
            return trial.number() == 5 ? Double.NaN : trial.real("x");
        });
        assertThat(result.trials().get(3).outcome())
                .isEqualTo(new Failed("IllegalStateException: no memory on the device"));
        assertThat(result.trials().get(5).outcome())
                .isEqualTo(new Failed("The objective returned NaN, not a finite number"));
        double best = result.trials().stream()
                .filter(t -> t.value().isPresent())
                .mapToDouble(t -> (Double) t.parameters().get("x"))
                .max()
                .orElseThrow();
        assertThat(result.bestValue()).isEqualTo(best);
        assertThat(result.bestSoFar().get(19)).hasValue(best);
    }

    @Test
    void aStudyWithoutOneCompletedTrialFailsWithTheFirstReason() {
        assertThatThrownBy(() -> Study.over(SPACE).trials(5).run(trial -> {
                    throw new IllegalStateException("no data");
                }))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE))
                .hasMessage("Not one of 5 trials completed; the first: IllegalStateException: no data")
                .hasRootCauseMessage("no data");
    }

    @Test
    void whatTheBestTrialKeptIsHandedOver() {
        StudyResult result = Study.over(SPACE)
                .maximize("x")
                .trials(30)
                .parallelism(3)
                .run(trial -> {
                    trial.keep("model of " + trial.number());
                    return trial.real("x");
                });
        assertThat(result.kept(String.class))
                .hasValue("model of " + result.best().number());
    }

    @Test
    void reportsAndNotesReachTheListener() {
        List<FinishedTrial> heard = Collections.synchronizedList(new ArrayList<>());
        Study.over(SPACE)
                .trials(3)
                .listener(new TrialListener() {
                    @Override
                    public void finished(FinishedTrial trial) {
                        heard.add(trial);
                    }
                })
                .run(trial -> {
                    trial.report(0, 0.5);
                    trial.report(1, 0.6);
                    trial.note("trees", 17);
                    return bowl(trial);
                });
        assertThat(heard).hasSize(3).allSatisfy(trial -> {
            assertThat(trial.reports())
                    .extracting(FinishedTrial.Report::step, FinishedTrial.Report::value)
                    .containsExactly(tuple(0, 0.5), tuple(1, 0.6));
            assertThat(trial.notes()).containsExactly(Map.entry("trees", 17.0));
        });
    }

    @Test
    void anInterruptStopsRunningTrials() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                Study.over(SPACE)
                        .parallelism(2)
                        .listener(new TrialListener() {
                            @Override
                            public void stopped(int number) {
                                told.incrementAndGet();
                            }
                        })
                        .run(blocking(running, interrupted));
            } catch (ArclightException e) {
                thrown.set(e);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
        });
        caller.start();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(30_000);
        assertThat(thrown.get())
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(interrupted).hasValue(2);
        assertThat(told).hasValue(2);
    }

    @Test
    void closingTheCleanupStopsTheStudy() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        AtomicInteger interrupted = new AtomicInteger();
        Cleanup cleanup = new Cleanup();
        Thread closer = new Thread(() -> {
            try {
                running.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cleanup.close();
        });
        closer.start();
        assertThatThrownBy(
                        () -> Study.over(SPACE).parallelism(2).cleanup(cleanup).run(blocking(running, interrupted)))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(interrupted).hasValue(2);
        closer.join(30_000);
    }

    @Test
    void aTrialThatTakesTooLongFailsAndTheNextOneRuns() {
        CountDownLatch never = new CountDownLatch(1);
        StudyResult result = Study.over(SPACE)
                .trials(3)
                .trialTimeout(Duration.ofMillis(50))
                .run(trial -> {
                    if (trial.number() == 0) {
                        never.await();
                    }
                    return bowl(trial);
                });
        assertThat(result.trials().get(0).outcome()).isEqualTo(new Failed("Not done after PT0.05S"));
        assertThat(result.trials().get(1).value()).isPresent();
    }

    @Test
    void aResumedStudyEndsAsIfItHadNotStopped() {
        StudyResult whole = Study.over(SPACE).trials(40).seed(5).run(StudyTest::bowl);
        List<FinishedTrial> survived = new ArrayList<>(whole.trials().subList(0, 25));
        survived.remove(22); // was running when the process died
        AtomicInteger calls = new AtomicInteger();
        StudyResult resumed = Study.over(SPACE)
                .trials(40)
                .seed(5)
                .parallelism(3)
                .resume(survived)
                .run(trial -> {
                    calls.incrementAndGet();
                    return bowl(trial);
                });
        assertThat(calls).hasValue(16);
        assertThat(parameters(resumed)).isEqualTo(parameters(whole));
        assertThat(resumed.bestValue()).isEqualTo(whole.bestValue());
    }

    @Test
    void resumingFromAnotherStudyIsRefused() {
        StudyResult other = Study.over(SPACE).trials(3).seed(6).run(StudyTest::bowl);
        assertThatThrownBy(() -> Study.over(SPACE)
                        .trials(3)
                        .seed(5)
                        .resume(other.trials())
                        .run(StudyTest::bowl))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith("Cannot resume: trial 0 tried {x=");
    }

    private static Objective blocking(CountDownLatch running, AtomicInteger interrupted) {
        CountDownLatch never = new CountDownLatch(1);
        return trial -> {
            running.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
            return 0;
        };
    }

    private static List<Map<String, Object>> parameters(StudyResult result) {
        return result.trials().stream().map(FinishedTrial::parameters).toList();
    }
}
