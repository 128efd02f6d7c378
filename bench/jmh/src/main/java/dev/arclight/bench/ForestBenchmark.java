package dev.arclight.bench;

import dev.arclight.model.Predictor;
import dev.arclight.model.xgboost.XGBoostFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Our predictor beside XGBoost's own library through xgboost4j: the same model, the same rows, one thread. The setting
 * {@code wine} names a folder with {@code model.json} (or {@code model.xgb}) and {@code test.csv}, the label last; both
 * give the same floats, which is checked before anything is measured.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls load()
public class ForestBenchmark {
    /** Rows of one call. */
    @Param({"1", "100", "10000"})
    public int rows;

    /** Kept of the model's rounds. */
    @Param({"310", "20"})
    public int rounds;

    private Predictor predictor;
    private Booster booster;
    private int features;
    private float[] table;
    private float[] block;
    private float[] predictions;
    private int next;

    @Setup
    public void load() throws IOException, XGBoostError {
        Path folder = Path.of(System.getProperty("wine", "wine"));
        XGBoostFile file = XGBoostFile.read(Files.readAllBytes(folder.resolve("model.json")));
        file = file.cut(Math.min(rounds, file.rounds()));
        predictor = file.predictor();
        features = file.features();
        booster = XGBoost.loadModel(new ByteArrayInputStream(file.toBytes()));
        booster.setParam("nthread", 1);
        List<String> lines = Files.readAllLines(folder.resolve("test.csv"));
        Random random = new Random(7);
        int count = Math.max(rows, 20_000 / rows * rows);
        table = new float[count * features];
        for (int row = 0; row < count; row++) {
            String[] cells = lines.get(1 + row % (lines.size() - 1)).split(",", -1);
            for (int i = 0; i < features; i++) {
                table[row * features + i] = Float.parseFloat(cells[i]) * (0.9f + random.nextFloat() / 5);
            }
        }
        block = new float[rows * features];
        predictions = new float[rows];
        for (int i = 0; i < Math.min(100, count / rows); i++) {
            float[] ours = ours().clone();
            next -= block.length;
            float[][] library = xgboost4j();
            for (int row = 0; row < rows; row++) {
                if (ours[row] != library[row][0]) {
                    throw new IllegalStateException("%s is not %s".formatted(ours[row], library[row][0]));
                }
            }
        }
    }

    private void advance() {
        if (next + block.length > table.length) {
            next = 0;
        }
        System.arraycopy(table, next, block, 0, block.length);
        next += block.length;
    }

    @Benchmark
    public float[] ours() {
        advance();
        predictor.predict(block, rows, predictions);
        return predictions;
    }

    @Benchmark
    public float[][] xgboost4j() throws XGBoostError {
        advance();
        DMatrix matrix = new DMatrix(block, rows, features, Float.NaN);
        try {
            return booster.predict(matrix);
        } finally {
            matrix.dispose();
        }
    }

    @Benchmark
    public float[][] xgboost4jInPlace() throws XGBoostError {
        advance();
        return booster.inplace_predict(block, rows, features, Float.NaN);
    }

    @TearDown
    public void dispose() {
        booster.dispose();
    }
}
