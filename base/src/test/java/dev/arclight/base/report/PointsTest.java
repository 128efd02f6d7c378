package dev.arclight.base.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PointsTest {
    @Test
    void thinningKeepsEndsOrderAndOriginalPoints() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            int size = 1 + random.nextInt(500);
            int most = 3 + random.nextInt(100);
            double[] x = IntStream.range(0, size).asDoubleStream().toArray();
            double[] y = random.doubles(size).toArray();
            Points thin = Points.of("p", x, y).thinned(most);
            assertThat(thin.size()).isEqualTo(Math.min(size, most));
            assertThat(thin.xs()).isSorted().doesNotHaveDuplicates();
            assertThat(thin.xs().get(0)).isEqualTo(0);
            assertThat(thin.xs().get(thin.size() - 1)).isEqualTo(size - 1.0);
            for (int i = 0; i < thin.size(); i++) {
                assertThat(thin.ys().get(i)).isEqualTo(y[thin.xs().get(i).intValue()]);
            }
        }
    }

    @Test
    void thinningKeepsALonePeak() {
        double[] x = IntStream.range(0, 10_000).asDoubleStream().toArray();
        for (int peak : new int[] {1, 77, 5000, 9998}) {
            double[] y = new double[10_000];
            y[peak] = 1;
            assertThat(Points.of("p", x, y).thinned(50).ys()).contains(1.0);
        }
    }

    @Test
    void thinningLeavesOutWhatIsNotFinite() {
        double[] y = new Random(2).doubles(1000).toArray();
        for (int i = 0; i < 1000; i += 3) {
            y[i] = Double.NaN;
        }
        Points thin = Points.of("p", IntStream.range(0, 1000).asDoubleStream().toArray(), y)
                .thinned(100);
        assertThat(thin.size()).isEqualTo(100);
        assertThat(thin.ys()).allMatch(Double::isFinite);
    }
}
