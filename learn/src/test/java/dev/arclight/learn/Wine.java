package dev.arclight.learn;

import dev.arclight.model.DataType;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Writes a model trained on {@code data} as a model directory. */
    static void model(LabeledMatrix data, int rounds, Path directory) {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(data, rows(500, 6))) {
            TrainedTrees trees = trainer.train(XGBoostParams.binary().rounds(rounds));
            ModelWriter.xgboost(
                            trees.file(),
                            Signature.table(COLUMNS, DataType.DOUBLE, 1),
                            trees.goldenRows(data.features(), 20))
                    .write(directory);
        }
    }

    /** Makes a model directory the champion among the versions of {@code name}. */
    static void champion(Tracking tracking, String name, Path directory) throws IOException {
        var logged = tracking.within(RunStart.in(tracking.experiment(name)), run -> run.logModel("model", directory));
        var version = tracking.registry().register(Registration.of(name, logged));
        tracking.registry().promote(Promotion.of(name, "champion", version.version()));
    }

    /** Writes the features with their row's number as {@code id}. */
    static Path csv(LabeledMatrix data, Path file) throws IOException {
        StringBuilder text = new StringBuilder("id," + String.join(",", COLUMNS) + "\n");
        for (int r = 0; r < data.rows(); r++) {
            text.append(r);
            for (int c = 0; c < COLUMNS.size(); c++) {
                text.append(',').append((double) data.features().at(r, c));
            }
            text.append('\n');
        }
        return Files.writeString(file, text);
    }
}
