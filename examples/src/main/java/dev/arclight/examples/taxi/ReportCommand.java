package dev.arclight.examples.taxi;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import dev.arclight.google.bigquery.BigQueryTable;
import dev.arclight.tables.AtomicTable;
import dev.arclight.tables.lake.LakeLibraries;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight taxi report}. */
@Command(
        name = "report",
        description = {
            "Monthly revenue by zone and service: amounts, trips, average passengers and distance. Written as one Parquet"
                    + " file in a folder, replaced as a whole.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ReportCommand implements ArclightCommand {
    @Option(
            names = {"--input_green", "--input-green"},
            arity = "1..*",
            paramLabel = "PATH",
            description = "Green trips: Parquet files, folders or patterns.")
    private List<String> green = List.of();

    @Option(
            names = {"--input_yellow", "--input-yellow"},
            arity = "1..*",
            paramLabel = "PATH",
            description = "Yellow trips: Parquet files, folders or patterns.")
    private List<String> yellow = List.of();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the report; bigquery:DATASET.TABLE where the connector is on the class path.")
    private String output;

    @Option(
            names = "--zones",
            paramLabel = "FILE",
            description = "Zone table (taxi_zone_lookup.csv): adds the names of zones and boroughs.")
    private @Nullable String zones;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "Write the page with charts here (default: beside a local output folder, named like it).")
    private @Nullable Path page;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) throws Exception {
        if (green.isEmpty() && yellow.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Missing --input_green or --input_yellow");
        }
        Optional<BigQueryTable> bigQuery = BigQueryTable.parse(output, context.settings());
        bigQuery.ifPresent(BigQueryTable::requireConnector);
        try (Arclight arclight = engine.start(
                "taxi report",
                context,
                LakeLibraries.forTables(
                        Stream.concat(green.stream(), yellow.stream()).toList(), System.getenv()))) {
            Dataset<Row> revenue = TaxiRevenue.report(arclight.spark(), green, yellow, Optional.ofNullable(zones));
            try (Progress.Task task = context.progress().start("Sum up", 1, "report")) {
                if (bigQuery.isPresent()) {
                    bigQuery.get().write(revenue.coalesce(1));
                } else {
                    AtomicTable.write(revenue.coalesce(1), output);
                }
                task.advance(1);
            }
            if (bigQuery.isPresent()) {
                context.out().println("Report: " + output);
                return 0;
            }
            Dataset<Row> written = arclight.spark().read().parquet(output);
            long rows = written.count();
            Optional<Path> where = page();
            if (where.isPresent()) {
                new RevenuePage(written).write(where.get());
            }
            context.out().printf("%,d rows of zone, month and service: %s%n", rows, output);
            where.ifPresent(file -> context.out().println("Page: " + file));
            return 0;
        }
    }

    /** Beside a local output; on another filesystem only where asked for. */
    private Optional<Path> page() {
        if (page != null) {
            return Optional.of(page);
        }
        if (output.contains(":")) {
            return Optional.empty();
        }
        Path folder = Path.of(output).toAbsolutePath().normalize();
        return Optional.of(folder.resolveSibling(folder.getFileName() + ".html"));
    }
}
