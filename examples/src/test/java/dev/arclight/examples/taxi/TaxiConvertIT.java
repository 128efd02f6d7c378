package dev.arclight.examples.taxi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.progress.Progress;
import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Spark.class)
final class TaxiConvertIT {
    /** Rows of real files and those that a csv reader finds to have the right fields and a moment, by month. */
    private static final String COUNT = """
            import collections, csv, datetime, json, sys
            def moment(text):
                for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M"):
                    try:
                        return datetime.datetime.strptime(text, form)
                    except ValueError:
                        pass
            result = {}
            for path in sys.argv[1:]:
                with open(path, newline="") as f:
                    rows = [r for r in csv.reader(f) if r and any(c.strip() for c in r)]
                header = [c.strip().lower() for c in rows[0]]
                pickup = next(i for i, c in enumerate(header) if "pickup" in c and "date" in c)
                months = collections.Counter()
                short = bad = 0
                for row in rows[1:]:
                    when = moment(row[pickup]) if len(row) > pickup else None
                    if len(row) < len(header):
                        short += 1
                    elif when is None:
                        bad += 1
                    else:
                        months[when.strftime("%Y-%m")] += 1
                result[path] = dict(rows=len(rows) - 1, short=short, bad=bad, months=months)
            print(json.dumps(result))
            """;

    /** Compares a converted month with what the generator says its file means. */
    private static final String SAME = """
            import duckdb, glob, sys
            table, truth = sys.argv[1:3]
            db = duckdb.connect()
            columns = [c[0] for c in db.execute(f"SELECT * FROM read_csv('{truth}', all_varchar=true) LIMIT 0").description]
            types = {r[0]: r[1] for r in db.execute(f"DESCRIBE SELECT * FROM read_parquet('{table}/*/*/*.parquet')").fetchall()}
            meant = ", ".join(f"CAST({c} AS {types[c]}) AS {c}" for c in columns)
            ours = f"SELECT {', '.join(columns)} FROM read_parquet('{table}/*/*/*.parquet')"
            theirs = f"SELECT {meant} FROM read_csv('{truth}', all_varchar=true)"
            for a, b in ((ours, theirs), (theirs, ours)):
                odd = db.execute(f"({a}) EXCEPT ALL ({b}) LIMIT 3").fetchall()
                assert not odd, (columns, odd)
            others = [c for c in types if c not in columns and c not in ("year", "month")]
            for c in others:
                assert db.execute(f"SELECT count({c}) FROM read_parquet('{table}/*/*/*.parquet')").fetchone()[0] == 0, c
            print(db.execute(f"SELECT count(*) FROM ({ours})").fetchone()[0])
            """;

    @TempDir
    Path folder;

    private ConvertReport convert(SparkSession spark, TaxiService service, Path output, Path... inputs)
            throws IOException {
        return convert(spark, service, output, false, Optional.empty(), inputs);
    }

    private ConvertReport convert(
            SparkSession spark,
            TaxiService service,
            Path output,
            boolean keepGoing,
            Optional<Months> months,
            Path... inputs)
            throws IOException {
        TaxiConvert.Options options = new TaxiConvert.Options(
                service,
                Stream.of(inputs).map(Path::toString).toList(),
                output.toString(),
                months,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                keepGoing,
                true);
        try (Cleanup cleanup = new Cleanup()) {
            return new TaxiConvert(spark, Progress.NONE, cleanup, options).run();
        }
    }

    private static List<Path> files(Path folder, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Map<String, Long> content(Path output) throws IOException {
        Map<String, Long> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                content.put(output.relativize(file).toString(), Files.size(file));
            }
        }
        return content;
    }

    private static List<String> rows(SparkSession spark, Path output) {
        return spark.read().parquet(output.toString()).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    @Tag("full")
    @Test
    void theRealFilesOfAllYearsConvertAndEachRowIsAccountedFor(SparkSession spark) throws IOException {
        Path data = Needs.data("taxi");
        PythonEnvironment python = PythonEnvironment.open("tables");
        List<Path> files = files(data, 2).stream()
                .filter(f -> f.toString().endsWith(".csv") && !f.toString().contains("zone"))
                .toList();
        assertThat(files).hasSizeGreaterThanOrEqualTo(20);
        Object[] arguments =
                Stream.concat(Stream.of("-c", COUNT), files.stream()).toArray();
        JsonNode counted = new JsonMapper().readTree(python.run(Duration.ofMinutes(2), arguments));
        for (TaxiService service : TaxiService.values()) {
            List<Path> own = files.stream()
                    .filter(f -> f.getFileName().toString().startsWith(service.text() + "_"))
                    .toList();
            for (Path file : own) {
                Path output = folder.resolve(service.text())
                        .resolve(file.getFileName().toString());
                ConvertReport report = convert(spark, service, output, file);
                JsonNode expected = counted.get(file.toString());
                String month =
                        Months.named(List.of(file.toString())).months().get(0).toString();
                long inMonth = expected.get("months").path(month).asLong();
                long cut = report.quality().rejected().getOrDefault("not_of_type", 0L)
                        + report.quality().rejected().getOrDefault("empty_cell", 0L);
                assertThat(report.quality().rowsIn())
                        .as(file.toString())
                        .isEqualTo(expected.get("rows").asLong());
                assertThat(report.quality().rejected().getOrDefault("too_few_fields", 0L))
                        .as(file.toString())
                        .isEqualTo(expected.get("short").asLong());
                // A row cut inside its last value has all fields; at most that one is judged otherwise than here.
                assertThat(cut)
                        .isBetween(
                                expected.get("bad").asLong(),
                                expected.get("bad").asLong() + 1);
                assertThat(report.quality().kept()).as(file.toString()).isBetween(inMonth - 1, inMonth);
                assertThat(spark.read().parquet(output.toString()).count())
                        .isEqualTo(report.quality().kept());
                assertThat(spark.read()
                                .parquet(output.toString())
                                .drop("year", "month")
                                .schema()
                                .simpleString())
                        .isEqualTo(service.table().schema().simpleString());
            }
        }
    }

    @Test
    void theLargerRealFilesGiveTheMoneyThatPythonSums(SparkSession spark) throws IOException {
        Path data = Needs.data("taxi");
        String sum = """
                import csv, sys
                from decimal import Decimal
                for path, month in ((sys.argv[1], "/01/2021"), (sys.argv[2], "")):
                    with open(path, newline="") as f:
                        rows = [r for r in csv.DictReader(f) if month in list(r.values())[1]]
                    print(len(rows), sum(Decimal(r["total_amount"]) for r in rows), sum(Decimal(r["trip_distance"]) for r in rows))
                """;
        Path first = data.resolve("yellow_2021-01_jc.csv");
        Path second = data.resolve("yellow_tripdata_sample_2019-01.csv");
        List<String> expected = PythonEnvironment.open("tables")
                .run(Duration.ofMinutes(1), "-c", sum, first, second)
                .lines()
                .toList();
        for (Path file : List.of(first, second)) {
            Path output = folder.resolve(file.getFileName().toString());
            convert(spark, TaxiService.YELLOW, output, file);
            Row row = spark.read()
                    .parquet(output.toString())
                    .selectExpr("count(*)", "sum(total_amount)", "sum(trip_distance)")
                    .first();
            String[] meant = expected.get(file.equals(first) ? 0 : 1).split(" ", -1);
            assertThat(row.getLong(0)).isEqualTo(Long.parseLong(meant[0]));
            assertThat(row.getDecimal(1)).isEqualByComparingTo(meant[1]);
            assertThat(row.getDecimal(2)).isEqualByComparingTo(meant[2]);
        }
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(TaxiService.class)
    void generatedFilesOfEveryShapeMeanWhatTheirGeneratorSays(TaxiService service, SparkSession spark)
            throws IOException {
        PythonEnvironment python = PythonEnvironment.open("tables");
        for (TripShape shape : TripShape.ALL) {
            if (shape.service() != service) {
                continue;
            }
            Path made = folder.resolve(shape.name());
            TripFiles.Made file = TripFiles.write(
                            made, new TripFiles.Order(List.of(service), List.of(shape.from()), 2_000, 5, 100, true))
                    .get(0);
            Path output = made.resolve("out");
            ConvertReport report = convert(spark, service, output, file.file());
            assertThat(report.quality().rowsIn()).as(shape.name()).isEqualTo(2_000);
            assertThat(report.quality().rowsIn() - report.quality().kept())
                    .as(shape.name())
                    .isEqualTo(file.rejects());
            String truth = file.file().getFileName().toString().replaceAll("\\..*", ".csv");
            assertThat(python.run(
                                    Duration.ofMinutes(1),
                                    "-c",
                                    SAME,
                                    output,
                                    made.resolve("truth").resolve(truth))
                            .strip())
                    .as(shape.name())
                    .isEqualTo(String.valueOf(2_000 - file.rejects()));
            if (!shape.is(TripShape.Style.PARQUET)) { // flaws in turn, five of each kind in 2,000 rows
                assertThat(report.outOfRange()).as(shape.name()).isEqualTo(4);
                assertThat(report.duplicates()).as(shape.name()).isEqualTo(4);
            }
        }
    }

    @Test
    void aMonthIsReplacedAndTheOthersAreLeftAlone(SparkSession spark) throws IOException {
        Path made = folder.resolve("made");
        List<YearMonth> months = List.of(YearMonth.of(2021, 1), YearMonth.of(2021, 2));
        TripFiles.write(made, new TripFiles.Order(List.of(TaxiService.YELLOW), months, 4_000, 5, 50, false));
        Path january = made.resolve("yellow_tripdata_2021-01.csv");
        Path february = made.resolve("yellow_tripdata_2021-02.csv");
        Path output = folder.resolve("out");
        convert(spark, TaxiService.YELLOW, output, january, february);
        Map<String, Long> before = content(output);
        List<String> rows = rows(spark, output);

        convert(spark, TaxiService.YELLOW, output, january);
        Map<String, Long> after = content(output);
        assertThat(after.keySet().stream().filter(name -> name.startsWith("year=2021/month=2")))
                .containsExactlyElementsOf(before.keySet().stream()
                        .filter(name -> name.startsWith("year=2021/month=2"))
                        .toList());
        assertThat(after.keySet().stream().filter(name -> name.startsWith("_rejected")))
                .containsExactlyElementsOf(before.keySet().stream()
                        .filter(name -> name.startsWith("_rejected"))
                        .toList());
        assertThat(rows(spark, output)).isEqualTo(rows);
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(output.resolve("year=2021/month=1/_SUCCESS")).exists();
        JsonNode quality = new JsonMapper()
                .readTree(output.resolve("_quality/quality.json").toFile());
        assertThat(quality.get("rows_in").asLong()).isEqualTo(2_000);
        long rejected = 0;
        for (JsonNode count : quality.get("rejected")) {
            rejected += count.asLong();
        }
        assertThat(quality.get("kept").asLong() + rejected).isEqualTo(2_000);
        Path rejects = files(output.resolve("_rejected"), 3).stream()
                .filter(f -> f.toString().contains("2021-01") && f.toString().endsWith(".jsonl"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readAllLines(rejects)).hasSize((int) rejected);
        assertThat(output.resolve("_quality/quality.html")).isNotEmptyFile();
    }

    @Tag("full")
    @Test
    void whatCannotBeReadIsNamedAndTheOldOutputStays(SparkSession spark) throws IOException {
        Path made = folder.resolve("made");
        List<YearMonth> months = List.of(YearMonth.of(2021, 1), YearMonth.of(2021, 2));
        TripFiles.write(made, new TripFiles.Order(List.of(TaxiService.YELLOW), months, 4_000, 5, 0, false));
        Path january = made.resolve("yellow_tripdata_2021-01.csv");
        Path output = folder.resolve("out");
        convert(spark, TaxiService.YELLOW, output, january);
        Map<String, Long> before = content(output);

        Path cut = made.resolve("yellow_tripdata_2021-03.csv.gz");
        java.io.ByteArrayOutputStream zipped = new java.io.ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(zipped)) {
            Files.copy(made.resolve("yellow_tripdata_2021-02.csv"), gzip);
        }
        Files.write(cut, Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
        assertThatThrownBy(() -> convert(spark, TaxiService.YELLOW, output, january, cut))
                .hasStackTraceContaining("Cannot read " + cut);
        assertThat(content(output)).isEqualTo(before);

        Path zones = made.resolve("taxi_zone_lookup.csv");
        assertThatThrownBy(() -> convert(spark, TaxiService.YELLOW, output, zones))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("missing columns pickup_datetime, fare_amount, total_amount of table yellow");
        Path misspelt = Files.writeString(
                made.resolve("misspelt.csv"), "pickup_datetme,fare_amount,total_amont\n2021-01-01 00:00:00,1,1\n");
        assertThatThrownBy(() -> convert(spark, TaxiService.YELLOW, output, misspelt))
                .hasMessageContaining("missing columns pickup_datetime, total_amount of table yellow")
                .hasMessageContaining("Did you mean 'pickup_datetime' by 'pickup_datetme'?")
                .hasMessageContaining("Did you mean 'total_amount' by 'total_amont'?");
        assertThat(content(output)).isEqualTo(before);

        ConvertReport report = convert(
                spark,
                TaxiService.YELLOW,
                output,
                true,
                Optional.of(Months.parse("2021-01..2021-02")),
                made.resolve("yellow_tripdata_2021-02.csv"),
                cut,
                zones);
        assertThat(report.unusable()).containsOnlyKeys(cut.toString(), zones.toString());
        assertThat(report.months()).containsOnlyKeys("2021-02");
        assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(4_000);

        assertThatThrownBy(() -> convert(
                        spark, TaxiService.YELLOW, output, false, Optional.of(Months.parse("2019-05")), january))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("None of 2,000 rows is a trip of the months to be converted");
    }
}
