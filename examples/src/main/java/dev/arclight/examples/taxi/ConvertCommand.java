package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import dev.arclight.tables.lake.LakeFormat;
import dev.arclight.tables.lake.LakeLibraries;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight taxi convert}. */
@Command(
        name = "convert",
        description = {
            "Convert trip files of any year, CSV or Parquet, to one schema: Parquet in folders year=YYYY/month=M.",
            "",
            "A run replaces the months that it has trips of, each at once, and leaves the others alone. What became of"
                    + " each row is in _quality/quality.json and quality.html; rows left out are in _rejected.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ConvertCommand implements ArclightCommand {
    @Option(
            names = "--service",
            required = true,
            paramLabel = "NAME",
            description = "Kind of trips: yellow, green, fhv or fhvhv.")
    private String service;

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files, folders or patterns.")
    private List<String> input;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Folder of the table.")
    private String output;

    @Option(
            names = "--from",
            paramLabel = "YYYY-MM",
            description =
                    "First month to take trips of (default: any). A file that is named by its month gives trips of"
                            + " that month only.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "YYYY-MM", description = "Last month (default: that of --from).")
    private @Nullable String to;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Write by N tasks, rows spread evenly by a shuffle (default: as the files are read).")
    private @Nullable Integer partitions;

    @Option(names = "--coalesce", paramLabel = "N", description = "Write by at most N tasks, without a shuffle.")
    private @Nullable Integer coalesce;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "Of the table: parquet, or delta, whose readers always see a whole version (needs 'arclight install"
                            + " delta') (default: parquet).")
    private String format = "parquet";

    @Option(names = "--keep-going", description = "Leave out files that cannot be read, and convert the others.")
    private boolean keepGoing;

    @Option(names = "--no-duplicates", description = "Do not count duplicate trips, which costs a second pass.")
    private boolean noDuplicates;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) throws Exception {
        TaxiConvert.Options options = new TaxiConvert.Options(
                serviceNamed(),
                input,
                output,
                months(),
                positive("--partitions", partitions),
                positive("--coalesce", coalesce),
                formatNamed(),
                keepGoing,
                !noDuplicates);
        if (partitions != null && coalesce != null) {
            throw usage("--partitions and --coalesce exclude each other: one shuffles, the other does not");
        }
        Map<String, String> settings =
                LakeLibraries.use(options.format().stream().toList(), System.getenv());
        try (Arclight arclight = engine.start("taxi convert", context, settings)) {
            ConvertReport report =
                    new TaxiConvert(arclight.spark(), context.progress(), context.cleanup(), options).run();
            context.out()
                    .printf(
                            "%,d rows in, %,d kept, %,d rejected %s%nMonths: %s%nQuality: %s/_quality/quality.html%n",
                            report.quality().rowsIn(),
                            report.quality().kept(),
                            report.quality().rowsIn() - report.quality().kept(),
                            report.quality().rejected(),
                            String.join(", ", report.months().keySet()),
                            output);
            report.unusable().forEach((file, why) -> context.err().println("arclight: left out: " + why));
            return 0;
        }
    }

    private TaxiService serviceNamed() {
        for (TaxiService known : TaxiService.values()) {
            if (known.text().equalsIgnoreCase(service.strip())) {
                return known;
            }
        }
        throw usage("--service is '%s', expected yellow, green, fhv or fhvhv".formatted(service));
    }

    private Optional<LakeFormat> formatNamed() {
        if (format.equals("parquet")) {
            return Optional.empty();
        }
        return Optional.of(LakeFormat.named(format)
                .orElseThrow(() -> usage("--format is '%s', expected parquet or delta".formatted(format))));
    }

    private Optional<Months> months() {
        if (from == null && to == null) {
            return Optional.empty();
        }
        if (from == null) {
            throw usage("--to needs --from: the first month to take trips of");
        }
        try {
            YearMonth first = Months.month(from);
            return Optional.of(Months.range(first, to == null ? first : Months.month(to)));
        } catch (ArclightException e) {
            throw usage(e.getMessage());
        }
    }

    private Optional<Integer> positive(String option, @Nullable Integer number) {
        if (number != null && (number < 1 || number > 100_000)) {
            throw usage("%s is %d, expected 1 to 100000".formatted(option, number));
        }
        return Optional.ofNullable(number);
    }

    private ParameterException usage(@Nullable String message) {
        return new ParameterException(spec.commandLine(), String.valueOf(message));
    }
}
