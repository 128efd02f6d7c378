package dev.arclight.learn.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineSettings;
import dev.arclight.engine.Master;
import dev.arclight.learn.ScoringJob;
import dev.arclight.track.Tracking;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code arclight score}: scores a table with a model. */
@Command(
        name = "score",
        description = {
            "Scores a table with a model, in Spark, and records the run in tracking.",
            "The table has the model's inputs as columns; they and all others are kept beside the score."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ScoreCommand implements ArclightCommand {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "models:/name@alias, models:/name/version, or the directory of a model.")
    private String model;

    @Option(
            names = "--in",
            required = true,
            paramLabel = "PATH",
            description = "The table: a .csv file or folder with a header line, a Delta table, or Parquet.")
    private String in;

    @Option(names = "--out", required = true, paramLabel = "PATH", description = "Where the scored table is written.")
    private String out;

    @Option(
            names = "--format",
            defaultValue = "PARQUET",
            description = "Of the scored table: ${COMPLETION-CANDIDATES} (default: parquet).")
    private ScoringJob.Format format;

    @Option(names = "--column", defaultValue = "score", description = "The new column (default: ${DEFAULT-VALUE}).")
    private String column;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "Names this piece of work, such as a date. Done once, it is not done again.")
    private @Nullable String workId;

    @Option(names = "--master", paramLabel = "MASTER", description = "Spark engine: local[N], spark://..., ray, ...")
    private @Nullable String master;

    @Option(names = "--tracking", paramLabel = "URI", description = "The store (setting arclight.tracking-uri).")
    private @Nullable String store;

    @Override
    public int run(CommandContext context) {
        String uri = store == null ? context.settings().text("arclight.tracking-uri", "arclight-out/tracking") : store;
        try (Tracking tracking = Tracking.open(uri)) {
            ScoringJob job = new ScoringJob(model, in, out, format, column, workId == null ? "" : workId);
            ScoringJob.Result done = job.findDone(tracking).orElse(null);
            if (done == null) {
                job.requireLibrary();
                String engine = master == null ? context.settings().text(EngineSettings.MASTER) : master;
                try (Arclight arclight = Arclight.builder("score")
                        .master(Master.of(engine))
                        .spark("spark.sql.extensions", format.extensions())
                        .start()) {
                    done = job.run(arclight.spark(), tracking);
                }
                context.out().printf("Scored %,d rows with %s into %s%n", done.rows(), done.model(), out);
            } else {
                context.out()
                        .printf(
                                "'%s' is done already: %,d rows with %s in %s%n",
                                workId, done.rows(), done.model(), out);
            }
            context.out().printf("Run %s in %s%n", done.runId(), tracking.uri());
            return 0;
        }
    }
}
