package dev.arclight.examples.taxi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.examples.CommandRun;
import dev.arclight.tables.command.ProfileCommand;
import dev.arclight.tables.command.SqlCommand;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;

/** The commands from end to end, against DuckDB. */
final class TaxiReportIT {
    /** The same sums over the raw files in DuckDB, compared to the cent. */
    private static final String COMPARE = """
            import duckdb, sys
            report, green, yellow = sys.argv[1:4]
            db = duckdb.connect()
            money = ["fare", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge", "total_amount",
                     "congestion_surcharge"]
            def source(column):
                return "fare_amount" if column == "fare" else column
            parts = []
            for service, path, when in (("green", green, "lpep_pickup_datetime"), ("yellow", yellow, "tpep_pickup_datetime")):
                sums = ", ".join(f"sum(CAST({source(c)} AS DECIMAL(10,2))) AS revenue_monthly_{c}" for c in money)
                parts.append(f'''SELECT CAST(PULocationID AS INTEGER) AS revenue_zone,
                    CAST(date_trunc('month', CAST({when} AS TIMESTAMP)) AS DATE) AS revenue_month,
                    '{service}' AS service_type, {sums}, count(*) AS trips,
                    avg(CAST(passenger_count AS INTEGER)) AS p, avg(CAST(trip_distance AS DECIMAL(10,3))) AS d
                    FROM read_csv('{path}', header=true, all_varchar=true)
                    WHERE date_trunc('month', CAST({when} AS TIMESTAMP)) = DATE '2020-01-01' GROUP BY ALL''')
            keys = ["revenue_zone", "revenue_month", "service_type", "trips"] + [f"revenue_monthly_{c}" for c in money]
            theirs = " UNION ALL ".join(f"({p})" for p in parts)
            ours = f"read_parquet('{report}/*.parquet')"
            names = ", ".join(keys)
            for a, b in ((ours, f"({theirs})"), (f"({theirs})", ours)):
                odd = db.execute(f"SELECT {names} FROM {a} EXCEPT ALL SELECT {names} FROM {b} LIMIT 3").fetchall()
                assert not odd, odd
            worst = db.execute(f'''SELECT max(abs(o.avg_monthly_passenger_count - t.p)), max(abs(CAST(o.avg_monthly_trip_distance AS DOUBLE) - t.d)),
                count(*), count(o.borough) FROM {ours} o JOIN ({theirs}) t
                ON o.revenue_zone = t.revenue_zone AND o.revenue_month = t.revenue_month AND o.service_type = t.service_type''').fetchone()
            assert worst[0] < 1e-9 and worst[1] < 1e-6, worst
            assert worst[2] == worst[3] > 100, worst
            print("same")
            """;

    @TempDir
    Path folder;

    @Tag("full")
    @Test
    void theReportIsDuckDbsToTheCent() throws Exception {
        Path made = folder.resolve("made");
        System.setProperty("arclight.log", folder.resolve("arclight.log").toString());
        CommandRun.of(
                new DataCommand(),
                "taxi",
                "--months",
                "2020-01",
                "--rows",
                20_000,
                "--flaws",
                0,
                "--out",
                made,
                "--seed",
                9);
        for (String service : List.of("green", "yellow")) {
            String said = CommandRun.of(
                    new TaxiCommand(),
                    "convert",
                    "--service",
                    service,
                    "--input",
                    made.resolve(service + "_tripdata_*.csv"),
                    "--output",
                    folder.resolve(service),
                    "--partitions",
                    3);
            assertThat(said).contains("20,000 rows in, 20,000 kept, 0 rejected").contains("Months: 2020-01");
            try (Stream<Path> parts = Files.list(folder.resolve(service).resolve("year=2020/month=1"))) {
                assertThat(parts.filter(f -> f.toString().endsWith(".parquet"))).hasSize(3);
            }
        }
        Path report = folder.resolve("report");
        for (String dash : List.of("_", "-")) { // the tutorial's names, and ours
            String said = CommandRun.of(
                    new TaxiCommand(),
                    "report",
                    "--input" + dash + "green",
                    folder.resolve("green/*/*"),
                    "--input" + dash + "yellow",
                    folder.resolve("yellow"),
                    "--zones",
                    made.resolve("taxi_zone_lookup.csv"),
                    "--output",
                    report);
            assertThat(said).contains("rows of zone, month and service");
        }
        assertThat(PythonEnvironment.open("tables")
                        .run(
                                Duration.ofMinutes(2),
                                "-c",
                                COMPARE,
                                report,
                                made.resolve("green_tripdata_2020-01.csv"),
                                made.resolve("yellow_tripdata_2020-01.csv"))
                        .strip())
                .isEqualTo("same");
        try (Stream<Path> parts = Files.list(report)) {
            assertThat(parts.filter(f -> f.toString().endsWith(".parquet"))).hasSize(1);
        }
        assertThat(folder.resolve("report.html")).content().contains("Revenue by borough");

        String counted = CommandRun.of(
                new SqlCommand(),
                "SELECT service_type, sum(trips) AS trips FROM r GROUP BY 1 ORDER BY 1",
                "--table",
                "r=" + report,
                "--format",
                "csv");
        assertThat(counted.lines()).containsExactly("service_type,trips", "green,20000", "yellow,20000");
        Path copy = folder.resolve("copy");
        CommandRun.of(new SqlCommand(), "SELECT 1 AS a, 'x\"y' AS b", "--output", copy);
        assertThat(CommandRun.of(new SqlCommand(), "SELECT * FROM t", "--table", "t=" + copy))
                .isEqualTo("a  b\n-  ---\n1  x\"y\n1 row\n".replace("\n", System.lineSeparator()));
        assertThat(CommandRun.of(new ProfileCommand(), report, "--out", folder.resolve("profile.html")))
                .contains("revenue_zone")
                .contains("decimal(20,2)");
        assertThat(folder.resolve("profile.html")).isNotEmptyFile();

        Path byMonth = folder.resolve("by-month");
        assertThat(CommandRun.of(
                                new TaxiCommand(), "examples", "--input", folder.resolve("yellow"), "--output", byMonth)
                        .lines()
                        .filter(line -> line.startsWith("== ")))
                .containsExactly(
                        "== Declared schema",
                        "== User-defined function",
                        "== Group by",
                        "== Shuffle join",
                        "== Broadcast join",
                        "== RDD: map and reduceByKey",
                        "== RDD: mapPartitions",
                        "== Repartition",
                        "== Coalesce",
                        "== Skew, salted",
                        "== Write by month");
        assertThat(byMonth.resolve("year=2020/month=1")).isDirectory();
    }

    @Test
    void mistakesAreOneSentenceEach() throws IOException {
        assertThatThrownBy(() -> CommandRun.of(
                        new TaxiCommand(), "convert", "--service", "blue", "--input", "x", "--output", folder))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--service is 'blue', expected yellow, green, fhv or fhvhv");
        assertThatThrownBy(() -> CommandRun.of(
                        new TaxiCommand(),
                        "convert",
                        "--service",
                        "fhv",
                        "--input",
                        "x",
                        "--output",
                        folder,
                        "--from",
                        "2019"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("A month is written like 2019-01, not '2019'");
        assertThatThrownBy(() -> CommandRun.of(new TaxiCommand(), "report", "--output", folder.resolve("r")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--input_green");
        assertThatThrownBy(() ->
                        CommandRun.of(new TaxiCommand(), "report", "--input_green", "x", "--output", "bigquery:all"))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("expected bigquery:DATASET.TABLE");
        assertThatThrownBy(() -> CommandRun.of(
                        new TaxiCommand(), "report", "--input_green", "x", "--output", "bigquery:trips.revenue"))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("needs Google's connector");
        Files.createDirectories(folder);
        assertThatThrownBy(() -> CommandRun.of(
                        new TaxiCommand(),
                        "convert",
                        "--service",
                        "green",
                        "--input",
                        folder.resolve("nowhere*.csv"),
                        "--output",
                        folder.resolve("out")))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("There is no file or folder")
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> TripFiles.write(
                        folder,
                        new TripFiles.Order(
                                List.of(TaxiService.GREEN), List.of(YearMonth.of(2010, 1)), 1, 1, 0, false)))
                .hasMessageContaining("There are no green trips of 2010-01");
    }
}
