package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.learn.LabeledMatrix;
import dev.arclight.learn.Matrix;
import dev.arclight.learn.TrainedTrees;
import dev.arclight.learn.XGBoostParams;
import dev.arclight.learn.XGBoostTrainer;
import dev.arclight.model.DataType;
import dev.arclight.model.Model;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code arclight score} with executors in this process, in a standalone cluster and on Ray: the model reaches them all
 * and gives the predictor's floats. Catches what only executors elsewhere show: a plan, a model or a rule that does not
 * travel.
 */
@Tag("full")
final class ScoreOnEnginesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROWS = 10_000;
    private static final List<String> COLUMNS = List.of("a", "b", "c");

    @TempDir
    private Path folder;

    @Test
    void theScoresAreTheSameOnEachEngine() throws Exception {
        Map<Integer, Float> expected = modelAndTable();
        Path python = PythonEnvironment.open("ray-newest").python();
        Launcher arclight = Launcher.ofThisBuild()
                .with(Map.of(
                        "VIRTUAL_ENV",
                        python.resolve("../..").normalize().toString(),
                        "XDG_STATE_HOME",
                        folder.resolve("state").toString()));
        assertThat(score(arclight, "local[2]", "local")).isEqualTo(expected);
        assertThat(score(arclight, "ray:local", "ray")).isEqualTo(expected);
        String started = arclight.output(PATIENCE, "cluster", "start", "--workers", 1);
        try {
            Matcher master = Pattern.compile("spark://127\\.0\\.0\\.1:\\d+").matcher(started);
            assertThat(master.find()).as(started).isTrue();
            assertThat(score(arclight, master.group(), "standalone")).isEqualTo(expected);
        } finally {
            arclight.output(PATIENCE, "cluster", "stop");
        }
    }

    private Map<Integer, Float> modelAndTable() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        float[] cells = new float[ROWS * COLUMNS.size()];
        float[] labels = new float[ROWS];
        StringBuilder csv = new StringBuilder("id," + String.join(",", COLUMNS) + "\n");
        for (int r = 0; r < ROWS; r++) {
            csv.append(r);
            for (int c = 0; c < COLUMNS.size(); c++) {
                cells[r * COLUMNS.size() + c] = (float) random.nextGaussian();
                csv.append(',').append((double) cells[r * COLUMNS.size() + c]);
            }
            csv.append('\n');
            labels[r] = cells[r * COLUMNS.size()] > random.nextGaussian() ? 1 : 0;
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        Matrix features = new Matrix(cells, ROWS, COLUMNS);
        try (XGBoostTrainer trainer = XGBoostTrainer.on(new LabeledMatrix(features, labels))) {
            TrainedTrees trees = trainer.train(XGBoostParams.binary().rounds(20));
            ModelWriter.xgboost(
                            trees.file(), Signature.table(COLUMNS, DataType.DOUBLE, 1), trees.goldenRows(features, 20))
                    .write(folder.resolve("model"));
        }
        float[] scores = new float[ROWS];
        Model.load(folder.resolve("model")).predictor().predict(cells, ROWS, scores);
        Map<Integer, Float> expected = new TreeMap<>();
        for (int r = 0; r < ROWS; r++) {
            expected.put(r, scores[r]);
        }
        return expected;
    }

    /** The scores by id. */
    private Map<Integer, Float> score(Launcher arclight, String master, String name) throws IOException {
        Path out = folder.resolve(name);
        String said = arclight.output(
                PATIENCE,
                "score",
                "--master",
                master,
                "--model",
                folder.resolve("model"),
                "--in",
                folder.resolve("rows.csv"),
                "--out",
                out,
                "--format",
                "csv",
                "--tracking",
                folder.resolve("tracking"));
        assertThat(said).contains("Scored 10,000 rows");
        Map<Integer, Float> scores = new TreeMap<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                Files.readAllLines(file).stream().skip(1).forEach(line -> {
                    String[] row = line.split(",", -1);
                    scores.put(Integer.valueOf(row[0]), Float.valueOf(row[row.length - 1]));
                });
            }
        }
        return scores;
    }
}
