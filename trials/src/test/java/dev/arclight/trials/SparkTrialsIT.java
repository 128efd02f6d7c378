package dev.arclight.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import dev.arclight.testing.Await;
import dev.arclight.tune.FinishedTrial;
import dev.arclight.tune.Objective;
import dev.arclight.tune.Outcome;
import dev.arclight.tune.Pruner;
import dev.arclight.tune.SearchSpace;
import dev.arclight.tune.Study;
import dev.arclight.tune.StudyResult;
import dev.arclight.tune.Trial;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A study whose trials are tasks of a local session: serialized, on threads of Spark's. */
@Timeout(180)
final class SparkTrialsIT {
    private static final SearchSpace SPACE =
            SearchSpace.builder().uniform("x", -5, 5).uniform("y", -5, 5).build();

    private static Arclight arclight;

    @BeforeAll
    static void start() {
        arclight = Arclight.builder("trials").master("local[2]").start();
    }

    @AfterAll
    static void stop() {
        arclight.close();
    }

    /** Data that counts how often it is read. */
    static final class Rows implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicInteger READ = new AtomicInteger();
        final double[] values = {1, -2};

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            READ.incrementAndGet();
        }
    }

    private static double bowl(Trial trial, double[] middle) {
        double value = Math.pow(trial.real("x") - middle[0], 2) + Math.pow(trial.real("y") - middle[1], 2);
        for (int step = 0; step < 4; step++) {
            trial.report(step, value + 1.0 / (step + 1));
        }
        trial.note("number", trial.number());
        return value;
    }

    private static Study study() {
        return Study.over(SPACE).trials(24).parallelism(2).seed(5).pruner(Pruner.median(4, 1));
    }

    /**
     * Would catch a trial that loses its parameters, reports, notes or pruner on the way, and data sent once a trial.
     */
    @Test
    void trialsOnSparkAreThoseOnThreadsAndDataTravelsOnce() {
        double[] middle = {1, -2};
        StudyResult threads = study().run(trial -> bowl(trial, middle));
        SparkTrials place = SparkTrials.on(arclight.spark());
        Broadcast<Rows> data = place.share(new Rows());
        StudyResult spark = study().on(place).run(trial -> {
            if (TaskContext.get() == null) {
                throw new IllegalStateException("not in a task");
            }
            trial.keep("kept " + trial.number());
            return bowl(trial, data.value().values);
        });
        assertThat(spark.trials()).hasSameSizeAs(threads.trials());
        for (int i = 0; i < spark.trials().size(); i++) {
            FinishedTrial ours = spark.trials().get(i);
            FinishedTrial theirs = threads.trials().get(i);
            assertThat(ours.parameters()).isEqualTo(theirs.parameters());
            assertThat(ours.outcome()).isEqualTo(theirs.outcome());
            assertThat(ours.notes()).isEqualTo(theirs.notes());
            assertThat(ours.reports())
                    .extracting(FinishedTrial.Report::value)
                    .isEqualTo(theirs.reports().stream()
                            .map(FinishedTrial.Report::value)
                            .toList());
        }
        assertThat(spark.trials()).anyMatch(trial -> trial.outcome() instanceof Outcome.Pruned);
        assertThat(spark.kept(String.class)).contains("kept " + spark.best().number());
        assertThat(Rows.READ).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void whatOneTrialThrowsOrKeepsFailsItAlone() {
        Objective objective = trial -> {
            if (trial.number() == 1) {
                throw new IOException("no such file");
            } else if (trial.number() == 2) {
                trial.keep(new Object());
            } else if (trial.number() == 3) {
                throw new Unsendable();
            }
            return trial.real("x");
        };
        StudyResult result =
                Study.over(SPACE).trials(5).on(SparkTrials.on(arclight.spark())).run(objective);
        assertThat(reasons(result)).hasSize(3);
        assertThat(reasons(result).get(0)).isEqualTo("IOException: no such file");
        assertThat(reasons(result).get(1)).contains("What the trial keeps cannot be sent to the driver");
        assertThat(reasons(result).get(2)).isEqualTo("Unsendable: cannot travel");
    }

    @Test
    void aTrialThatTakesTooLongIsEndedOnItsExecutor() {
        StudyResult result = Study.over(SPACE)
                .trials(3)
                .trialTimeout(Duration.ofSeconds(2))
                .on(SparkTrials.on(arclight.spark()))
                .run(trial -> {
                    if (trial.number() == 1) {
                        TimeUnit.MINUTES.sleep(10);
                    }
                    return trial.real("x");
                });
        assertThat(reasons(result)).containsExactly("Not done after PT2S");
        Await.until(
                "no job",
                Duration.ofMinutes(1),
                () -> arclight.spark().sparkContext().statusTracker().getActiveJobIds().length == 0);
    }

    @Test
    void anObjectiveThatCannotTravelFailsTheStudyWithTheReason() {
        Object here = new Object();
        assertThatThrownBy(() -> Study.over(SPACE)
                        .trials(2)
                        .on(SparkTrials.on(arclight.spark()))
                        .run(trial -> trial.real("x") + here.hashCode()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("Not one of 2 trials completed")
                .hasMessageContaining("Task not serializable");
    }

    private static List<String> reasons(StudyResult result) {
        return result.trials().stream()
                .map(FinishedTrial::outcome)
                .filter(Outcome.Failed.class::isInstance)
                .map(outcome -> ((Outcome.Failed) outcome).reason())
                .toList();
    }

    private static final class Unsendable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("UnusedVariable") // what makes it unfit
        private final Object cannotTravel = new Object();

        Unsendable() {
            super("cannot travel");
        }
    }
}
