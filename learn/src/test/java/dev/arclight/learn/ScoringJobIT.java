package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.engine.Arclight;
import dev.arclight.model.Model;
import dev.arclight.track.RunSearch;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code arclight score} does. */
@Tag("full")
final class ScoringJobIT {
    private static final LabeledMatrix DATA = Wine.rows(1000, 25);

    @TempDir
    Path folder;

    @Test
    void aTableIsScoredOnceAnIdByTheVersionThatTheAliasNames() throws IOException {
        String in = Wine.csv(DATA, folder.resolve("wines.csv")).toString();
        String out = folder.resolve("scored").toString();
        try (Arclight arclight = Arclight.builder("job").master("local[2]").start();
                Tracking tracking = Tracking.open(folder.resolve("tracking").toString())) {
            SparkSession spark = arclight.spark();
            Model first = registered(tracking, 5);
            ScoringJob job =
                    new ScoringJob("models:/wine@champion", in, out, ScoringJob.Format.PARQUET, "score", "2026-11-21");
            assertThat(job.findDone(tracking)).isEmpty();

            ScoringJob.Result done = job.run(spark, tracking);

            assertThat(done.model()).isEqualTo("models:/wine/1");
            assertThat(done.rows()).isEqualTo(DATA.rows());
            assertThat(scores(spark.read().parquet(out).orderBy("id").collectAsList()))
                    .isEqualTo(predictions(first));
            Scoring.register(spark, tracking);
            spark.read().parquet(out).drop("score").createOrReplaceTempView("wines");
            String sql = "SELECT id, score('models:/wine@champion', *) AS score FROM wines ORDER BY id";
            assertThat(scores(spark.sql(sql).collectAsList())).isEqualTo(predictions(first));
            // The alias moves: what is done stays done, other work is for the new version.
            Model second = registered(tracking, 9);
            assertThat(job.findDone(tracking)).isEqualTo(Optional.of(done));
            assertThat(scores(spark.sql(sql).collectAsList())).isEqualTo(predictions(second));
            ScoringJob next = new ScoringJob(
                    "models:/wine@champion", in, out + ".csv", ScoringJob.Format.CSV, "score", "2026-11-22");
            assertThat(next.run(spark, tracking).model()).isEqualTo("models:/wine/2");
            List<Row> rows = spark.read()
                    .option("header", "true")
                    .schema("id INT, "
                            + String.join(
                                    ", ",
                                    Wine.COLUMNS.stream()
                                            .map(c -> c + " DOUBLE")
                                            .toList()) + ", score FLOAT")
                    .csv(out + ".csv")
                    .orderBy("id")
                    .collectAsList();
            assertThat(scores(rows)).isEqualTo(predictions(second));

            // The id of other work, what is refused before anything starts, and a failure that is recorded.
            assertThatThrownBy(() -> new ScoringJob(
                                    "models:/wine@champion",
                                    in,
                                    "elsewhere",
                                    ScoringJob.Format.CSV,
                                    "score",
                                    "2026-11-21")
                            .findDone(tracking))
                    .hasMessageContaining("was used for other work")
                    .hasMessageContaining("into " + out + ", format parquet, column score; choose another id");
            assertThatThrownBy(() -> new ScoringJob(
                                    "models:/wine/1", in, out, ScoringJob.Format.PARQUET, "score", "2026-11-21")
                            .findDone(tracking))
                    .hasMessageContaining("with models:/wine@champion into");
            assertThatThrownBy(() -> new ScoringJob("models:/wine@no", in, out, ScoringJob.Format.CSV, "s", "")
                            .run(spark, tracking))
                    .hasMessageStartingWith("Registered model 'wine' has no alias 'no'");
            assertThatThrownBy(() -> new ScoringJob("models:/wine/1", in + "x", out, ScoringJob.Format.CSV, "s", "")
                            .run(spark, tracking))
                    .hasMessageStartingWith("There is no table");
            assertThatThrownBy(() -> new ScoringJob("models:/wine/1", in, out, ScoringJob.Format.DELTA, "s", "")
                            .run(spark, tracking))
                    .hasMessageContaining("Delta tables need Delta's library");
            assertThatThrownBy(() -> new ScoringJob(
                                    "models:/wine/1", in, in + "/below", ScoringJob.Format.PARQUET, "s", "2026-11-23")
                            .run(spark, tracking))
                    .hasStackTraceContaining("/below");
            assertThat(tracking.runs(RunSearch.in(tracking.experiment(ScoringJob.EXPERIMENT))
                                    .withFilter("attributes.status = 'FAILED'"))
                            .items())
                    .hasSize(1);
            assertThat(spark.read().parquet(out).count()).isEqualTo(DATA.rows());
        }
    }

    private Model registered(Tracking tracking, int rounds) throws IOException {
        Path directory = folder.resolve("model" + rounds);
        Wine.model(DATA, rounds, directory);
        Wine.champion(tracking, "wine", directory);
        return Model.load(directory);
    }

    private static float[] predictions(Model model) {
        float[] scores = new float[DATA.rows()];
        model.predictor().predict(DATA.features().values(), DATA.rows(), scores);
        return scores;
    }

    private static float[] scores(List<Row> rows) {
        float[] scores = new float[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rows.get(i).<Float>getAs("score");
        }
        return scores;
    }
}
