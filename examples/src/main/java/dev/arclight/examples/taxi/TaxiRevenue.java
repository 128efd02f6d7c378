package dev.arclight.examples.taxi;

import dev.arclight.tables.Column;
import dev.arclight.tables.Table;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Monthly revenue of each zone, by service, in Spark SQL. Money stays decimal from the file to the result, so that sums
 * are exact and do not depend on the order of rows.
 */
public final class TaxiRevenue {
    /** The zone table: the TLC's own header, or that of copies in snake case. */
    private static final Table ZONES = Table.declare("taxi zones")
            .column(Column.of("zone_id", DataTypes.IntegerType).withAliases("LocationID", "location_id"))
            .column(Column.of("borough", DataTypes.StringType).asNullable())
            .column(Column.of("zone", DataTypes.StringType).asNullable())
            .column(Column.of("service_zone", DataTypes.StringType).asOptional());

    private static final String TRIPS = """
            SELECT pickup_location_id, pickup_datetime, fare_amount, extra, mta_tax, tip_amount, tolls_amount,
                   improvement_surcharge, total_amount, congestion_surcharge, passenger_count, trip_distance,
                   '%s' AS service_type
            FROM %s""";

    private static final String REVENUE = """
            SELECT
              pickup_location_id AS revenue_zone,
              CAST(date_trunc('month', pickup_datetime) AS DATE) AS revenue_month,
              service_type,
              SUM(fare_amount) AS revenue_monthly_fare,
              SUM(extra) AS revenue_monthly_extra,
              SUM(mta_tax) AS revenue_monthly_mta_tax,
              SUM(tip_amount) AS revenue_monthly_tip_amount,
              SUM(tolls_amount) AS revenue_monthly_tolls_amount,
              SUM(improvement_surcharge) AS revenue_monthly_improvement_surcharge,
              SUM(total_amount) AS revenue_monthly_total_amount,
              SUM(congestion_surcharge) AS revenue_monthly_congestion_surcharge,
              COUNT(*) AS trips,
              AVG(passenger_count) AS avg_monthly_passenger_count,
              AVG(trip_distance) AS avg_monthly_trip_distance
            FROM trips
            GROUP BY 1, 2, 3""";

    private TaxiRevenue() {}

    /**
     * The report.
     *
     * @param green trips: Parquet of any year's shape
     * @param yellow trips
     * @param zones file of the zone table; empty: zones have numbers only
     * @return one row a zone, month and service; with borough and name after the zone's number if there is a zone table
     */
    public static Dataset<Row> report(
            SparkSession spark, List<String> green, List<String> yellow, Optional<String> zones) {
        Dataset<Row> all = null;
        for (TaxiService service : List.of(TaxiService.GREEN, TaxiService.YELLOW)) {
            List<String> paths = service == TaxiService.GREEN ? green : yellow;
            if (paths.isEmpty()) {
                continue;
            }
            service.table().view(spark, paths).createOrReplaceTempView(service.text() + "_trips");
            Dataset<Row> trips = spark.sql(TRIPS.formatted(service.text(), service.text() + "_trips"));
            all = all == null ? trips : all.unionAll(trips);
        }
        if (all == null) {
            throw new IllegalArgumentException("Neither green nor yellow trips");
        }
        all.createOrReplaceTempView("trips");
        Dataset<Row> revenue = spark.sql(REVENUE);
        if (zones.isEmpty()) {
            return revenue;
        }
        // 265 rows: sent to every task, so that the revenue is not shuffled for it.
        Dataset<Row> names = ZONES.read(spark, List.of(zones.get())).select("zone_id", "borough", "zone");
        Dataset<Row> joined = revenue.join(
                functions.broadcast(names), revenue.col("revenue_zone").equalTo(names.col("zone_id")), "left");
        String[] order = revenue.columns();
        return joined.select(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("revenue_zone", "borough", "zone"),
                        java.util.stream.Stream.of(order).skip(1))
                .map(functions::col)
                .toArray(org.apache.spark.sql.Column[]::new));
    }
}
