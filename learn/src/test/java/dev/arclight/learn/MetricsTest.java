package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.base.ArclightException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetricsTest {
    /** The definition, pair by pair. */
    private static double pairwise(double[] scores, double[] labels) {
        double right = 0;
        double pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }
        return right / pairs;
    }

    @Test
    void aucIsTheShareOfPairsInTheRightOrderWithTiesHalf() {
        SplittableRandom random = new SplittableRandom(11);
        for (int trial = 0; trial < 200; trial++) {
            int rows = 2 + random.nextInt(40);
            int levels = 1 + random.nextInt(10);
            double[] scores = new double[rows];
            double[] labels = new double[rows];
            for (int i = 0; i < rows; i++) {
                scores[i] = (random.nextInt(levels) - levels / 2) / 4.0;
                labels[i] = i == 0 ? 0 : i == 1 ? 1 : random.nextInt(2);
            }
            assertThat(Metrics.auc(scores, labels)).isCloseTo(pairwise(scores, labels), within(1e-14));
            // The curve encloses the area.
            List<Metrics.RocPoint> roc = Metrics.roc(scores, labels);
            double area = 0;
            for (int i = 1; i < roc.size(); i++) {
                area += (roc.get(i).falsePositiveRate() - roc.get(i - 1).falsePositiveRate())
                        * (roc.get(i).truePositiveRate() + roc.get(i - 1).truePositiveRate())
                        / 2;
            }
            assertThat(area).isCloseTo(pairwise(scores, labels), within(1e-12));
        }
    }

    @Test
    void negativeZeroTiesWithZero() {
        assertThat(Metrics.auc(new double[] {-0.0, 0.0}, new double[] {0, 1})).isEqualTo(0.5);
    }

    @Test
    void confusionCountsRowsAtTheThresholdAsClassOne() {
        Metrics.Confusion confusion =
                Metrics.confusion(new double[] {0.5, 0.6, 0.4, 0.1, 0.9}, new double[] {1, 0, 1, 0, 1}, 0.5);
        assertThat(confusion).isEqualTo(new Metrics.Confusion(2, 1, 1, 1));
        assertThat(confusion.accuracy()).isEqualTo(0.6);
        assertThat(confusion.precision()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(confusion.recall()).isCloseTo(2 / 3.0, within(1e-15));
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> Metrics.auc(new double[] {1, Double.NaN}, new double[] {0, 1}))
                .isInstanceOf(ArclightException.class)
                .hasMessage("The score in row 1 is NaN");
        assertThatThrownBy(() -> Metrics.auc(new double[] {1, 2}, new double[] {1, 1}))
                .hasMessage("All 2 labels are 1: rows cannot be ranked by class");
        assertThatThrownBy(() -> Metrics.logLoss(new double[] {1, 2}, new double[] {1, 0.5}))
                .hasMessage("Label 0.5 in row 1 is neither 0 nor 1");
        assertThatThrownBy(() -> Metrics.logLoss(new double[] {1}, new double[] {}))
                .hasMessage("1 scores for 0 labels: one each is needed, and at least one row");
    }
}
