package dev.arclight.examples.taxi;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sqrt;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import dev.arclight.learn.XGBoostModel;
import dev.arclight.tables.AtomicTable;
import dev.arclight.tables.lake.LakeLibraries;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight taxi duration}. */
@Command(
        name = "duration",
        description = {
            "Learn how long trips take, and apply the model to all of them: as a column of a DataFrame, and by the"
                    + " partitions of an RDD.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DurationCommand implements ArclightCommand {
    @Option(names = "--service", defaultValue = "yellow", description = "yellow or green (default: ${DEFAULT-VALUE}).")
    private String service;

    @Option(names = "--input", required = true, arity = "1..*", paramLabel = "PATH", description = "Converted trips.")
    private List<String> input;

    @Option(names = "--output", paramLabel = "DIR", description = "Write the trips with their predictions here.")
    private @Nullable String output;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "100", description = "Most trees (default: 100).")
    private int rounds;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        if (!List.of("yellow", "green").contains(service)) {
            throw new ParameterException(
                    spec.commandLine(), "--service is '%s', expected yellow or green".formatted(service));
        }
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds is %d, expected at least 1".formatted(rounds));
        }
        TaxiService kind = TaxiService.valueOf(service.toUpperCase(Locale.ROOT));
        try (Arclight arclight =
                engine.start("taxi duration", context, LakeLibraries.forTables(input, System.getenv()))) {
            Dataset<Row> trips = TaxiDuration.features(kind.table().view(arclight.spark(), input))
                    .cache();
            XGBoostModel model;
            try (Progress.Task task = context.progress().start("Train", 1, "model")) {
                model = TaxiDuration.train(trips, rounds);
                task.advance(1);
            }
            Dataset<Row> predicted = TaxiDuration.byColumn(model, trips);
            Row error = predicted
                    .filter("is_validation")
                    .select(sqrt(avg(col("minutes")
                            .minus(col("predicted_minutes"))
                            .multiply(col("minutes").minus(col("predicted_minutes"))))))
                    .first();
            long start = System.nanoTime();
            long rows = predicted.select("predicted_minutes").toJavaRDD().count();
            double columnSeconds = (System.nanoTime() - start) / 1e9;
            start = System.nanoTime();
            TaxiDuration.byPartition(model, trips).count();
            double partitionSeconds = (System.nanoTime() - start) / 1e9;
            context.out()
                    .printf(
                            "%,d trips, off by %.2f minutes (root mean square, validation)%n"
                                    + "as a column: %.2f s, by partitions: %.2f s%n",
                            rows, error.isNullAt(0) ? Double.NaN : error.getDouble(0), columnSeconds, partitionSeconds);
            if (output != null) {
                AtomicTable.write(predicted.drop("is_validation"), output);
                context.out().println("Written: " + output);
            }
            return 0;
        }
    }
}
