package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.tune.FinishedTrial.Report;
import dev.arclight.tune.Outcome.Completed;
import dev.arclight.tune.Outcome.Pruned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PrunerTest {
    private static List<Report> reports(double... values) {
        List<Report> reports = new ArrayList<>();
        for (int step = 0; step < values.length; step++) {
            reports.add(new Report(step, values[step], step));
        }
        return reports;
    }

    private static FinishedTrial completed(double... values) {
        return new FinishedTrial(
                0, Map.of(), new Completed(values[values.length - 1]), reports(values), Map.of(), Instant.EPOCH, 1);
    }

    private static FinishedTrial pruned(double... values) {
        Outcome outcome = new Pruned(values.length - 1, values[values.length - 1]);
        return new FinishedTrial(0, Map.of(), outcome, reports(values), Map.of(), Instant.EPOCH, 1);
    }

    @Test
    void theMedianRuleGivesUpWhatIsWorseThanHalfOfTheCompletedTrials() {
        Pruner pruner = Pruner.median(3, 1);
        List<FinishedTrial> known =
                List.of(completed(0.5, 0.6, 0.7), completed(0.5, 0.7), completed(0.5, 0.8, 0.9), pruned(0.1, 0.1));
        assertThat(pruner.gives(reports(0.5, 0.69), known, Direction.MAXIMIZE)).isTrue();
        assertThat(pruner.gives(reports(0.5, 0.7), known, Direction.MAXIMIZE)).isFalse();
        assertThat(pruner.gives(reports(0.75, 0.1), known, Direction.MAXIMIZE))
                .as("the best so far counts")
                .isFalse();
        assertThat(pruner.gives(reports(0.1), known, Direction.MAXIMIZE))
                .as("warming up")
                .isFalse();
        assertThat(pruner.gives(reports(0.5, 0.69), known.subList(0, 2), Direction.MAXIMIZE))
                .as("too few completed")
                .isFalse();
        assertThat(pruner.gives(reports(0, 0, 0.1), known, Direction.MAXIMIZE))
                .as("only two got as far as step 2")
                .isFalse();
        assertThat(pruner.gives(reports(0.5, 0.69), known, Direction.MINIMIZE)).isFalse();
        assertThat(pruner.gives(reports(0.8, 0.71), known, Direction.MINIMIZE)).isTrue();
    }

    @Test
    void halvingKeepsTheBestHalfAtEachRung() {
        Pruner pruner = Pruner.asha(2, 2);
        List<FinishedTrial> known = List.of(
                completed(0.5, 0.9, 0.9, 0.95), completed(0.6, 0.8), pruned(0.1, 0.1), completed(0.5, 0.7, 0.8, 0.8));
        assertThat(pruner.gives(reports(0.5), known, Direction.MAXIMIZE))
                .as("before the first rung")
                .isFalse();
        // At two steps: 0.9, 0.8, 0.7 and 0.1 are known; of five the best two go on.
        assertThat(pruner.gives(reports(0.5, 0.85), known, Direction.MAXIMIZE)).isFalse();
        assertThat(pruner.gives(reports(0.5, 0.75), known, Direction.MAXIMIZE)).isTrue();
        assertThat(pruner.gives(reports(0.5, 0.85, 0.1), known, Direction.MAXIMIZE))
                .as("between rungs")
                .isFalse();
        // At four steps: 0.95, 0.8 (stopped early, so as it was) and 0.8; of four the best two go on.
        assertThat(pruner.gives(reports(0.5, 0.85, 0.85, 0.85), known, Direction.MAXIMIZE))
                .isFalse();
        assertThat(pruner.gives(reports(0.5, 0.75, 0.75, 0.75), known, Direction.MAXIMIZE))
                .isTrue();
    }

    /** Learning curves that level off at 1 - (x - 0.3)²: a bad x can be told early. */
    private static double curve(Trial trial) {
        double end = 1 - Math.pow(trial.real("x") - 0.3, 2);
        for (int step = 0; step < 64; step++) {
            trial.report(step, end * (1 - Math.exp(-(step + 1) / 8.0)));
        }
        return end;
    }

    @Test
    void aPrunedStudyTakesFewerStepsFindsTheSameAndCanBeRepeatedAtAnyParallelism() {
        SearchSpace space = SearchSpace.builder().uniform("x", 0, 1).build();
        Study study = Study.over(space).maximize("score").trials(60).seed(4);
        for (Pruner pruner : List.of(Pruner.median(5, 4), Pruner.asha(4, 3))) {
            StudyResult result = study.pruner(pruner).run(PrunerTest::curve);
            long steps =
                    result.trials().stream().mapToLong(t -> t.reports().size()).sum();
            assertThat(steps).isLessThan(60 * 64 * 7 / 10);
            assertThat(result.trials()).anySatisfy(t -> assertThat(t.outcome()).isInstanceOf(Pruned.class));
            assertThat(result.bestValue()).isGreaterThan(0.999);

            StudyResult parallel = study.pruner(pruner).parallelism(4).run(trial -> {
                LockSupport.parkNanos((trial.number() * 7919L) % 5 * 200_000);
                return curve(trial);
            });
            assertThat(parallel.trials())
                    .extracting(t -> t.parameters() + " " + t.outcome())
                    .isEqualTo(result.trials().stream()
                            .map(t -> t.parameters() + " " + t.outcome())
                            .toList());
        }
    }
}
