package dev.arclight.examples.taxi;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code arclight taxi examples}. */
@Command(
        name = "examples",
        description = {"Run the worked examples on converted trips and show their plans, each step explained.", ""},
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ExamplesCommand implements ArclightCommand {
    @Option(names = "--input", required = true, arity = "1..*", paramLabel = "PATH", description = "Yellow trips.")
    private List<String> input;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Write the trips here by month, the last example (default: it is left out).")
    private @Nullable String output;

    @Mixin
    private EngineOptions engine;

    @Override
    public int run(CommandContext context) {
        try (Arclight arclight = engine.start("taxi examples", context)) {
            Dataset<Row> trips = TaxiService.YELLOW.table().view(arclight.spark(), input);
            Dataset<Row> zones = arclight.spark()
                    .range(1, 266)
                    .select(
                            functions.col("id").cast("int").as("zone_id"),
                            functions
                                    .concat(functions.lit("Zone "), functions.col("id"))
                                    .as("zone"));
            WorkedExamples examples = new WorkedExamples(arclight.spark(), trips);
            examples.all(zones).forEach(text -> context.out().println("== " + text + "\n"));
            if (output != null) {
                examples.writeByMonth(output);
                context.out().printf("== Write by month%n%s/year=YYYY/month=M%n", output);
            }
            return 0;
        }
    }
}
