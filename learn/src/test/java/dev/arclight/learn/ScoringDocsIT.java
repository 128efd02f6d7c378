package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.learn.command.ScoreCommand;
import dev.arclight.testing.Snippets;
import dev.arclight.testing.Snippets.Snippet;
import dev.arclight.track.Tracking;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every snippet of {@code docs/scoring.md} runs: the command, the column, SQL and the stream. */
@Tag("full")
final class ScoringDocsIT {
    private static final LabeledMatrix DATA = Wine.rows(2000, 4);
    private static final String IMPORTS = """
            import dev.arclight.learn.*;
            import dev.arclight.model.*;
            import dev.arclight.track.*;
            import org.apache.spark.sql.Dataset;
            import org.apache.spark.sql.Row;
            import org.apache.spark.sql.SparkSession;
            """;
    private static final String GIVEN = """
            SparkSession spark = given("spark");
            Tracking tracking = given("tracking");
            Dataset<Row> wines = given("wines");
            Model model = Model.load(tracking.resolve("models:/wine-quality@champion"));
            """;
    private static final String HELD = """
            check(%s.count() == wines.count());
            check(%1$s.filter("score BETWEEN 0 AND 1").count() == wines.count());
            """;

    @TempDir
    private Path folder;

    @Test
    @Timeout(240)
    void everySnippetRuns() throws Exception {
        Path csv = Wine.csv(DATA, folder.resolve("wines.csv"));
        Wine.model(DATA, 20, folder.resolve("model"));
        String store = folder.resolve("tracking").toString();
        List<Snippet> snippets = Snippets.of("docs/scoring.md");
        assertThat(snippets).extracting(Snippet::language).containsExactly("sh", "java", "java", "java");
        try (Tracking tracking = Tracking.open(store)) {
            Wine.champion(tracking, "wine-quality", folder.resolve("model"));
        }
        String said = score(snippets.get(0).text().replace("wines.csv", csv.toString()), store);
        assertThat(said).contains("Scored 2,000 rows with models:/wine-quality/1");
        assertThat(score(snippets.get(0).text().replace("wines.csv", csv.toString()), store))
                .contains("'2026-11-21' is done already: 2,000 rows");
        try (Tracking tracking = Tracking.open(store);
                Arclight session = Arclight.builder("docs").master("local[2]").start()) {
            SparkSession spark = session.spark();
            spark.read()
                    .option("header", "true")
                    .option("inferSchema", "true")
                    .csv(csv.toString())
                    .write()
                    .parquet(folder.resolve("incoming").toString());
            var wines = spark.read().parquet(folder.resolve("incoming").toString());
            wines.createOrReplaceTempView("wines");
            Map<String, Object> given = Map.of("spark", spark, "tracking", tracking, "wines", wines);
            Snippets.runJava(folder, IMPORTS, GIVEN + snippets.get(1).text() + HELD.formatted("scored"), given);
            String sql = snippets.get(2).text().replace("spark.sql(", "Dataset<Row> scored = spark.sql(");
            Snippets.runJava(folder, IMPORTS, GIVEN + sql + HELD.formatted("scored"), given);
            String stream = snippets.get(3)
                    .text()
                    .replace("\"incoming\"", "\"" + folder.resolve("incoming") + "\"")
                    .replace("\"checkpoint\"", "\"" + folder.resolve("checkpoint") + "\"");
            spark.sql(
                    "CREATE TABLE scored USING parquet LOCATION '%s' AS SELECT *, CAST(0 AS FLOAT) AS score FROM wines LIMIT 0"
                            .formatted(folder.resolve("table")));
            Snippets.runJava(
                    folder,
                    IMPORTS,
                    GIVEN + stream + "spark.streams().active()[0].processAllAvailable();"
                            + "spark.streams().active()[0].stop();"
                            + HELD.formatted("spark.table(\"scored\")"),
                    given);
        }
    }

    /** Runs the command of a line of shell, its output and store in the folder of the test. */
    private String score(String line, String store) throws Exception {
        List<String> words = Snippets.words(line.replace("--out scored", "--out " + folder.resolve("scored")));
        assertThat(words.subList(0, 2)).containsExactly("./arclight", "score");
        ScoreCommand command = new ScoreCommand();
        new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(words.subList(2, words.size()).toArray(String[]::new));
        StringWriter out = new StringWriter();
        try (Cleanup cleanup = new Cleanup()) {
            command.run(new CommandContext(
                    new PrintWriter(out, true),
                    new PrintWriter(new StringWriter()),
                    Progress.NONE,
                    Settings.of(Map.of(), Map.of("ARCLIGHT_TRACKING_URI", store)),
                    cleanup,
                    false));
        }
        return out.toString();
    }
}
