package dev.arclight.examples.taxi;

import dev.arclight.tables.Column;
import dev.arclight.tables.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The four kinds of trips that New York's Taxi and Limousine Commission publishes, each with the one schema that its
 * files of all years are read as. Money is decimal with two digits, distance with three.
 */
public enum TaxiService {
    /** Yellow cabs, files since January 2009. */
    YELLOW(yellow()),
    /** Green cabs, files since August 2013. */
    GREEN(green()),
    /** For-hire vehicles, files since January 2015. */
    FHV(fhv()),
    /** High-volume for-hire vehicles, files since February 2019. */
    FHVHV(fhvhv());

    @SuppressWarnings("ImmutableEnumChecker") // it is: every refinement is a new table
    private final Table table;

    TaxiService(Table table) {
        this.table = table;
    }

    /** The declaration. */
    public Table table() {
        return table;
    }

    /** As command lines and file names write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What makes two rows the same trip. */
    List<String> identity() {
        List<String> names = List.of(
                "vendor_id",
                "hvfhs_license_num",
                "dispatching_base_num",
                "pickup_datetime",
                "dropoff_datetime",
                "pickup_location_id",
                "dropoff_location_id",
                "pickup_longitude",
                "pickup_latitude",
                "dropoff_longitude",
                "dropoff_latitude",
                "trip_distance",
                "trip_miles",
                "payment_type",
                "fare_amount",
                "total_amount",
                "base_passenger_fare",
                "driver_pay");
        List<String> own = table.columns().stream().map(Column::name).toList();
        return names.stream().filter(own::contains).toList();
    }

    int indexOf(String column) {
        List<String> own = table.columns().stream().map(Column::name).toList();
        return own.indexOf(column);
    }

    private static DataType money() {
        return DataTypes.createDecimalType(10, 2);
    }

    private static DataType miles() {
        return DataTypes.createDecimalType(10, 3);
    }

    private static Column optional(String name, DataType type, String... aliases) {
        return Column.of(name, type).asOptional().withAliases(aliases);
    }

    private static Column moment(String name, String... aliases) {
        return optional(name, DataTypes.TimestampNTZType, aliases).withFormats("d/M/yyyy H:mm", "d/M/yyyy H:mm:ss");
    }

    /** A moment without which a row is no trip. */
    private static Column start(String... aliases) {
        return Column.of("pickup_datetime", DataTypes.TimestampNTZType)
                .withAliases(aliases)
                .withFormats("d/M/yyyy H:mm", "d/M/yyyy H:mm:ss");
    }

    private static Table places(Table table) {
        return table.column(optional("pickup_location_id", DataTypes.IntegerType, "PULocationID", "locationID"))
                .column(optional("dropoff_location_id", DataTypes.IntegerType, "DOLocationID"));
    }

    private static Table cab(Table table, Column... times) {
        Table declared = table.column(optional("vendor_id", DataTypes.StringType, "VendorID", "vendor_name")
                // The two vendors have numbers since 2015; a third, DDS, ended before and has none.
                .withValues(Map.of("CMT", "1", "VTS", "2")));
        for (Column time : times) {
            declared = declared.column(time);
        }
        declared = declared.column(optional("passenger_count", DataTypes.IntegerType))
                .column(optional("trip_distance", miles()))
                .column(optional("rate_code_id", DataTypes.IntegerType, "RatecodeID", "rate_code"))
                .column(optional("store_and_fwd_flag", DataTypes.StringType, "store_and_forward")
                        .withValues(Map.of("0", "N", "1", "Y", "0.0", "N", "1.0", "Y")));
        return places(declared)
                .column(optional("pickup_longitude", DataTypes.DoubleType, "Start_Lon"))
                .column(optional("pickup_latitude", DataTypes.DoubleType, "Start_Lat"))
                .column(optional("dropoff_longitude", DataTypes.DoubleType, "End_Lon"))
                .column(optional("dropoff_latitude", DataTypes.DoubleType, "End_Lat"))
                .column(optional("payment_type", DataTypes.IntegerType)
                        .withValues(Map.ofEntries(
                                Map.entry("credit", "1"),
                                Map.entry("crd", "1"),
                                Map.entry("cre", "1"),
                                Map.entry("cash", "2"),
                                Map.entry("csh", "2"),
                                Map.entry("cas", "2"),
                                Map.entry("no charge", "3"),
                                Map.entry("no", "3"),
                                Map.entry("noc", "3"),
                                Map.entry("dispute", "4"),
                                Map.entry("dis", "4"),
                                Map.entry("unk", "5"),
                                Map.entry("na", "5"))))
                .column(Column.of("fare_amount", money()).asNullable().withAliases("Fare_Amt"))
                .column(optional("extra", money(), "surcharge"))
                .column(optional("mta_tax", money()))
                .column(optional("tip_amount", money(), "Tip_Amt"))
                .column(optional("tolls_amount", money(), "Tolls_Amt"))
                .column(optional("improvement_surcharge", money()))
                .column(Column.of("total_amount", money()).asNullable().withAliases("Total_Amt"))
                .column(optional("congestion_surcharge", money()))
                .column(optional("cbd_congestion_fee", money()));
    }

    private static Table yellow() {
        return cab(
                        Table.declare("yellow"),
                        start("tpep_pickup_datetime", "Trip_Pickup_DateTime"),
                        moment("dropoff_datetime", "tpep_dropoff_datetime", "Trip_Dropoff_DateTime"))
                .column(optional("airport_fee", money()));
    }

    private static Table green() {
        return cab(
                        Table.declare("green"),
                        start("lpep_pickup_datetime"),
                        moment("dropoff_datetime", "lpep_dropoff_datetime"))
                .column(optional("ehail_fee", money()))
                .column(optional("trip_type", DataTypes.IntegerType));
    }

    private static Table fhv() {
        return places(Table.declare("fhv")
                        .column(optional("dispatching_base_num", DataTypes.StringType, "Dispatching_base_number"))
                        .column(start("Pickup_date"))
                        .column(moment("dropoff_datetime")))
                .column(optional("sr_flag", DataTypes.IntegerType))
                .column(optional("affiliated_base_number", DataTypes.StringType));
    }

    private static Table fhvhv() {
        Table table = places(Table.declare("fhvhv")
                .column(Column.of("hvfhs_license_num", DataTypes.StringType))
                .column(optional("dispatching_base_num", DataTypes.StringType))
                .column(optional("originating_base_num", DataTypes.StringType))
                .column(moment("request_datetime"))
                .column(moment("on_scene_datetime"))
                .column(start())
                .column(moment("dropoff_datetime")));
        table = table.column(optional("trip_miles", miles())).column(optional("trip_time", DataTypes.LongType));
        for (String amount : List.of(
                "base_passenger_fare",
                "tolls",
                "bcf",
                "sales_tax",
                "congestion_surcharge",
                "airport_fee",
                "tips",
                "driver_pay",
                "cbd_congestion_fee")) {
            table = table.column(optional(amount, money()));
        }
        for (String flag : List.of(
                "shared_request_flag",
                "shared_match_flag",
                "access_a_ride_flag",
                "wav_request_flag",
                "wav_match_flag")) {
            table = table.column(optional(flag, DataTypes.StringType));
        }
        return table.column(optional("sr_flag", DataTypes.IntegerType));
    }
}
