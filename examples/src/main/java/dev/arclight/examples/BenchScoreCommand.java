package dev.arclight.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.learn.Scoring;
import dev.arclight.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The part of {@code bench/run batch-scoring} that is ours: scores a Parquet table and prints one JSON line. */
@Command(name = "bench-score", hidden = true, description = "Our side of 'bench/run batch-scoring'.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class BenchScoreCommand implements ArclightCommand {
    @Option(names = "--model", required = true, description = "Directory of the model.")
    private Path model;

    @Option(names = "--rows", required = true, description = "Parquet table to score.")
    private Path rows;

    @Option(names = "--runs", defaultValue = "2", description = "The last one counts (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Override
    public int run(CommandContext context) throws IOException {
        try (Arclight arclight =
                Arclight.builder("bench-score").master("local[2]").start()) {
            Dataset<Row> table = arclight.spark().read().parquet(rows.toString());
            Column score = Scoring.column(Model.load(model));
            Row result = null;
            double seconds = 0;
            for (int i = 0; i < Math.max(1, runs); i++) {
                long start = System.nanoTime();
                // A query of its own: the same one again would find its shuffle files and score nothing.
                result = table.select(score.as("p"))
                        .agg(functions.avg("p"), functions.count("p"))
                        .collectAsList()
                        .get(0);
                seconds = (System.nanoTime() - start) / 1e9;
            }
            if (result == null) {
                throw new IllegalStateException("No run");
            }
            context.out()
                    .println(new JsonMapper()
                            .writeValueAsString(Map.of(
                                    "rows_per_second",
                                    result.getLong(1) / seconds,
                                    "rows",
                                    result.getLong(1),
                                    "mean",
                                    result.getDouble(0))));
        }
        return 0;
    }
}
