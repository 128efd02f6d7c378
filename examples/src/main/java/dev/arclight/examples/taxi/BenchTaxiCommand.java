package dev.arclight.examples.taxi;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.tables.AtomicTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Our side of {@code bench/run taxi}, and its peer that is Spark too: the same work as somebody would write it by hand
 * who knows the one shape of the files. Prints one JSON line.
 */
@Command(name = "bench-taxi", hidden = true, description = "Our side, and plain Spark's, of 'bench/run taxi'.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class BenchTaxiCommand implements ArclightCommand {
    /** Types of the files of 2019, in their order. */
    private static final String SCHEMA = """
            VendorID STRING, tpep_pickup_datetime TIMESTAMP_NTZ, tpep_dropoff_datetime TIMESTAMP_NTZ,
            passenger_count INT, trip_distance DECIMAL(10,3), RatecodeID INT, store_and_fwd_flag STRING,
            PULocationID INT, DOLocationID INT, payment_type INT, fare_amount DECIMAL(10,2), extra DECIMAL(10,2),
            mta_tax DECIMAL(10,2), tip_amount DECIMAL(10,2), tolls_amount DECIMAL(10,2),
            improvement_surcharge DECIMAL(10,2), total_amount DECIMAL(10,2), congestion_surcharge DECIMAL(10,2)""";

    private static final String REPORT = """
            SELECT PULocationID AS revenue_zone, CAST(date_trunc('month', tpep_pickup_datetime) AS DATE) AS revenue_month,
              'yellow' AS service_type, SUM(fare_amount) AS revenue_monthly_fare, SUM(extra) AS revenue_monthly_extra,
              SUM(mta_tax) AS revenue_monthly_mta_tax, SUM(tip_amount) AS revenue_monthly_tip_amount,
              SUM(tolls_amount) AS revenue_monthly_tolls_amount,
              SUM(improvement_surcharge) AS revenue_monthly_improvement_surcharge,
              SUM(total_amount) AS revenue_monthly_total_amount,
              SUM(congestion_surcharge) AS revenue_monthly_congestion_surcharge, COUNT(*) AS trips,
              AVG(passenger_count) AS avg_monthly_passenger_count, AVG(trip_distance) AS avg_monthly_trip_distance
            FROM trips GROUP BY 1, 2, 3""";

    @Option(names = "--what", required = true, description = "convert or report.")
    private String what;

    @Option(names = "--plain", description = "Plain Spark.")
    private boolean plain;

    @Option(names = "--input", required = true, description = "Folder of CSV files, or a converted table.")
    private Path input;

    @Option(names = "--output", required = true, description = "Folder, replaced.")
    private Path output;

    @Option(names = "--threads", defaultValue = "2", description = "Of Spark.")
    private int threads;

    @Override
    public int run(CommandContext context) throws Exception {
        if (Files.exists(output) && !Files.exists(output.resolve("_SUCCESS"))) {
            throw ArclightException.badInput("%s is no table that could be replaced: remove it".formatted(output));
        }
        AtomicFiles.deleteTree(output);
        System.setProperty(
                "arclight.log",
                output.resolveSibling(output.getFileName() + ".log").toString());
        Map<String, Object> result = new LinkedHashMap<>();
        try (Arclight arclight =
                Arclight.builder("bench-taxi").master("local[" + threads + "]").start()) {
            SparkSession spark = arclight.spark();
            long start = System.nanoTime();
            if (what.equals("convert")) {
                if (plain) {
                    plainConvert(spark);
                } else {
                    ourConvert(spark, context);
                }
            } else if (plain) {
                plainReport(spark);
            } else {
                AtomicTable.write(
                        TaxiRevenue.report(spark, List.of(), List.of(input.toString()), Optional.empty())
                                .coalesce(1),
                        output.toString());
            }
            result.put("wall_seconds", (System.nanoTime() - start) / 1e9);
            Dataset<Row> written = spark.read().parquet(output.toString());
            boolean report = what.equals("report");
            String total = report
                    ? "revenue_monthly_total_amount"
                    : List.of(written.columns()).contains("total_amount") ? "total_amount" : "Total_amount";
            Row sums = written.selectExpr(report ? "SUM(trips)" : "COUNT(*)", "CAST(SUM(" + total + ") AS STRING)")
                    .first();
            result.put("rows", sums.getLong(0));
            result.put("total", sums.getString(1));
        }
        context.out().println(new JsonMapper().writeValueAsString(result));
        return 0;
    }

    private void ourConvert(SparkSession spark, CommandContext context) throws Exception {
        TaxiConvert.Options options = new TaxiConvert.Options(
                TaxiService.YELLOW,
                List.of(input + "/yellow_*.csv"),
                output.toString(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false);
        new TaxiConvert(spark, Progress.NONE, context.cleanup(), options).run();
    }

    private void plainConvert(SparkSession spark) {
        spark.conf().set("spark.sql.maxConcurrentOutputFileWriters", 4);
        spark.read()
                .schema(SCHEMA)
                .option("header", true)
                .csv(input + "/yellow_*.csv")
                .selectExpr("*", "year(tpep_pickup_datetime) AS year", "month(tpep_pickup_datetime) AS month")
                .write()
                .partitionBy("year", "month")
                .parquet(output.toString());
    }

    private void plainReport(SparkSession spark) {
        spark.read()
                .parquet(input.toString())
                .withColumnRenamed("pickup_location_id", "PULocationID")
                .withColumnRenamed("pickup_datetime", "tpep_pickup_datetime")
                .createOrReplaceTempView("trips");
        spark.sql(REPORT).coalesce(1).write().parquet(output.toString());
    }
}
