package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Setting;
import dev.arclight.base.Sha256;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight data taxi}. */
@Command(
        name = "taxi",
        description = {
            "Make trip files as New York's Taxi and Limousine Commission publishes them, each in the shape of its month:"
                    + " CSV with the names and quirks of its year, Parquet from 2022 on. With --download, fetch the"
                    + " real ones.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TaxiDataCommand implements ArclightCommand {
    /** Where {@code --download} looks. */
    public static final Setting BASE_URL = new Setting(
            "arclight.taxi-url",
            "https://d37ci6vzurychx.cloudfront.net",
            "Server of the public trip files, for 'arclight data taxi --download'");

    /** Names the setting. */
    public static final class Settings implements Setting.Catalog {
        @Override
        public List<Setting> settings() {
            return List.of(BASE_URL);
        }
    }

    @Option(
            names = "--months",
            required = true,
            paramLabel = "FROM..TO",
            description = "Months, such as 2021-01..2021-03 or 2021-01.")
    private String months;

    @Option(
            names = "--service",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "yellow,green",
            description = "Kinds of trips: yellow, green, fhv, fhvhv (default: ${DEFAULT-VALUE}).")
    private List<String> services;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "taxi-data",
            description = "Folder (default:" + " ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Trips of each service, over all months (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Same seed, same files (default:" + " ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--flaws",
            paramLabel = "N",
            defaultValue = "0",
            description = "Make each N-th row of CSV files a bad one (default: none).")
    private int flaws;

    @Option(names = "--truth", description = "Also write what the files mean, as plain CSV in truth/.")
    private boolean truth;

    @Option(names = "--download", description = "Fetch the real files instead.")
    private boolean download;

    @Option(
            names = "--checksums",
            paramLabel = "FILE",
            description = "SHA-256 of the files to fetch, one 'HEX  NAME' a line, as sha256sum writes them.")
    private @Nullable Path checksums;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) throws Exception {
        List<YearMonth> wanted;
        List<TaxiService> kinds;
        try {
            wanted = Months.parse(months).months();
            kinds = services.stream().map(TaxiDataCommand::service).toList();
        } catch (ArclightException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (rows < 0 || flaws < 0) {
            throw new ParameterException(spec.commandLine(), "--rows and --flaws are 0 or more");
        }
        if (download) {
            fetch(context, kinds, wanted);
            return 0;
        }
        try (Progress.Task task = context.progress().start("Make trips", 0, "files")) {
            for (TripFiles.Made made :
                    TripFiles.write(out, new TripFiles.Order(kinds, wanted, rows, seed, flaws, truth))) {
                task.advance(1);
                context.out()
                        .printf(
                                "%s: %,d rows in the shape %s%n",
                                made.file(), made.rows(), made.shape().name());
            }
        }
        return 0;
    }

    private static TaxiService service(String text) {
        try {
            return TaxiService.valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ArclightException.badInput("--service is '%s', expected yellow, green, fhv or fhvhv".formatted(text));
        }
    }

    private void fetch(CommandContext context, List<TaxiService> kinds, List<YearMonth> wanted) throws Exception {
        String base = context.settings().text(BASE_URL).replaceFirst("/+$", "");
        Map<String, String> known = checksums == null ? Map.of() : read(checksums);
        Download server =
                new Download(Download.Patience.polite(), time -> Thread.sleep(time.toMillis()), context.progress());
        fetch(context, server, base + "/misc/", "taxi_zone_lookup.csv", known);
        for (TaxiService kind : kinds) {
            for (YearMonth month : wanted) {
                fetch(
                        context,
                        server,
                        base + "/trip-data/",
                        "%s_tripdata_%s.parquet".formatted(kind.text(), month),
                        known);
            }
        }
    }

    private void fetch(
            CommandContext context, Download server, String folder, String name, Map<String, String> checksums)
            throws IOException, InterruptedException {
        Path file = out.resolve(name);
        boolean fetched = server.fetch(URI.create(folder + name), file, Optional.ofNullable(checksums.get(name)));
        context.out().printf("%s  %s%s%n", Sha256.of(file), file, fetched ? "" : " (was there)");
        context.out().flush();
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> sums = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] both = line.strip().split("\\s+\\*?", 2);
            if (both.length == 2 && both[0].matches("[0-9a-fA-F]{64}")) {
                sums.put(both[1], both[0]);
            } else if (!line.isBlank()) {
                throw ArclightException.badInput(
                        "%s: '%s' is not a SHA-256 and a name, as sha256sum writes them".formatted(file, line));
            }
        }
        return sums;
    }
}
