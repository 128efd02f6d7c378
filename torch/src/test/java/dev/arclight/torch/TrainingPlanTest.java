package dev.arclight.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.model.torch.Layer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrainingPlanTest {
    private static TrainingPlan plan(Schedule schedule, int epochs, int patience, int threads) {
        return new TrainingPlan(
                List.of(Layer.linear(1)),
                2,
                Loss.squaredError(),
                Optimiser.adam(1e-3),
                schedule,
                epochs,
                16,
                7,
                true,
                patience,
                threads);
    }

    private static String origin(int workers, String start, String rows) {
        return Training.origin(workers, start.getBytes(StandardCharsets.UTF_8), rows);
    }

    @Test
    void aLongerTrainingIsTheSameWhereItsRatesAre() {
        String two = plan(Schedule.constant(), 2, 0, 1).fingerprint();
        assertThat(plan(Schedule.constant(), 4, 3, 2).fingerprint()).isEqualTo(two);
        assertThat(plan(Schedule.cosine(0), 4, 0, 1).fingerprint())
                .isNotEqualTo(plan(Schedule.cosine(0), 2, 0, 1).fingerprint());
    }

    @Test
    void otherRowsWorkersOrWeightsAreAnotherTraining() {
        TrainingPlan plan = plan(Schedule.constant(), 2, 0, 1);
        String mine = plan.on(origin(1, "weights", "rows 5 and 0, 77")).fingerprint();
        assertThat(List.of(
                        origin(2, "weights", "rows 5 and 0, 77"),
                        origin(1, "Weights", "rows 5 and 0, 77"),
                        origin(1, "weights", "rows 5 and 0, 78")))
                .allSatisfy(other -> assertThat(plan.on(other).fingerprint()).isNotEqualTo(mine));
        assertThat(plan.on(origin(1, "weights", "rows 5 and 0, 77")).fingerprint())
                .isEqualTo(mine);
    }
}
