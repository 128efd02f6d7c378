package dev.arclight.learn;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Made-up rows of two classes, hard enough that no model is perfect. */
final class Wine {
    static final List<String> COLUMNS =
            IntStream.range(0, 8).mapToObj(i -> "feature_" + i).toList();

    private Wine() {}

    static LabeledMatrix rows(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = COLUMNS.size();
        float[] values = new float[count * width];
        float[] labels = new float[count];
        for (int r = 0; r < count; r++) {
            double margin = -1;
            for (int c = 0; c < width; c++) {
                double value = random.nextGaussian();
                values[r * width + c] = (float) value;
                margin += c == 0 ? 2 * value : c == 1 ? value * value - 1 : c == 2 ? value * values[r * width] : 0;
            }
            labels[r] = random.nextDouble() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
        }
        return new LabeledMatrix(new Matrix(values, count, COLUMNS), labels);
    }
}
