package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import org.junit.jupiter.api.Test;

final class TrainingTableTest {
    private static final XGBoostParams LOSS = XGBoostParams.binary().with("eval_metric", "logloss");

    @Test
    void roundsThatWereNotTrainedAreNotTheBest() {
        float[] history = {0.6f, 0.4f, 0.5f, 0, 0, 0};
        assertThat(TrainingTable.best(history, 3, LOSS)).isEqualTo(1);
        assertThat(TrainingTable.best(history, 3, XGBoostParams.binary())).isZero();
        assertThat(TrainingTable.best(new float[0], 3, LOSS)).isZero();
    }

    @Test
    void aMetricThatIsNoNumberIsNotTheBest() {
        assertThatThrownBy(() -> TrainingTable.best(new float[] {0.6f, Float.NaN}, 2, LOSS))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith("The validation metric is NaN after round 1");
    }
}
